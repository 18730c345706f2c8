import type { Json } from '@anneal/core';
import { dispose, variable, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import { classNameOf, type OptimizerLike } from './optimizer.ts';
import { refuse } from './refuse.ts';
import type { OptimizerFields } from './optimizerFields.ts';
import { writeMomentum } from './writeMomentum.ts';

/** Everything that an optimizer remembers: plain data, and its live tensors by path. Clone before keeping them. */
export interface Slots {
  readonly meta: { readonly [key: string]: Json };
  readonly tensors: SlotTensors;
}

export type SlotTensors = Readonly<Record<string, Tensor>>;

/** An optimizer made of others, which reads and restores slots itself. */
export interface HasSlots {
  readSlots(): Slots;
  checkSlots(meta: Slots['meta'], tensors: SlotTensors): void;
  restoreSlots(meta: Slots['meta'], tensors: SlotTensors, rename: (name: string) => string): void;
}

const hasSlots = (optimizer: object): optimizer is OptimizerLike & HasSlots => 'restoreSlots' in optimizer;

interface Slot {
  readonly originalName: string;
  readonly variable: Variable;
}

interface SlotFields extends OptimizerLike, OptimizerFields {
  iterations_?: number;
  getConfig?(): Record<string, Json>;
}

const isSlot = (value: unknown): value is Slot =>
  typeof value === 'object' && value !== null && 'originalName' in value && 'variable' in value;

/** Fields that hold lists of slots, one entry per variable (`accumulatedFirstMoment`), also while they are empty. */
function slotLists(optimizer: object): readonly (readonly [string, readonly Slot[]])[] {
  return Object.entries(optimizer).filter(
    (entry): entry is [string, Slot[]] => Array.isArray(entry[1]) && entry[1].every(isSlot),
  );
}

/** Fields that hold one variable: Adam's and Adamax's running products, Adamax's iteration. */
function scalars(optimizer: object): readonly (readonly [string, Variable])[] {
  return Object.entries(optimizer).filter(
    (entry): entry is [string, Variable] => typeof entry[1] === 'object' && entry[1] !== null && 'assign' in entry[1],
  );
}

/**
 * Reads what an optimizer remembers. All classes of tfjs keep it in fields of two shapes, so Adamax, whose `getWeights`
 * throws, and Adam, whose `getWeights` leaves its running products out, are read like the rest.
 */
export function readSlots(optimizer: OptimizerLike): Slots {
  if (hasSlots(optimizer)) return optimizer.readSlots();
  const fields = optimizer as SlotFields;
  const lists = slotLists(optimizer);
  return {
    meta: {
      className: classNameOf(optimizer),
      iterations: optimizer.iterations ?? 0,
      config: fields.getConfig?.() ?? {},
      lists: Object.fromEntries(lists.map(([field, slots]) => [field, slots.map(({ originalName }) => originalName)])),
    },
    tensors: Object.fromEntries([
      ...lists.flatMap(([field, slots]) => slots.map((slot, i) => [`${field}/${i}`, slot.variable] as const)),
      ...scalars(optimizer),
    ]),
  };
}

/** What a plan may change, and what is therefore taken over instead of compared. */
const driven = ['learningRate', 'momentum', 'beta1', 'beta2'] as const;

const show = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Throws unless an optimizer can take over these slots: same class, same epsilon and the like. */
export function checkSlots(optimizer: OptimizerLike, meta: Slots['meta'], tensors: SlotTensors): void {
  const className = classNameOf(optimizer);
  if (meta['className'] !== className)
    refuse(
      'state',
      '',
      `loadTraining: the training was saved with ${show(meta['className'])}; the optimizer is ${className}`,
    );
  if (hasSlots(optimizer)) {
    optimizer.checkSlots(meta, tensors);
    return;
  }
  const lists = Object.entries(meta['lists'] as Record<string, string[]>);
  const [saved, now] = [lists, slotLists(optimizer)].map((kept) => kept.map(([field]) => field).sort());
  if (saved!.join() !== now!.join())
    refuse(
      'state',
      '/optimizer/lists',
      `loadTraining: ${className} keeps slots in ${now!.join(', ') || 'nothing'}; saved are ${saved!.join(', ') || 'none'}`,
    );
  const expected = [
    ...lists.flatMap(([field, names]) => names.map((_, i) => `${field}/${i}`)),
    ...scalars(optimizer).map(([field]) => field),
  ];
  const missing = expected.find((key) => tensors[key] === undefined);
  if (missing !== undefined)
    refuse(
      'state',
      `/optimizer/${missing}`,
      `loadTraining: the optimizer's tensor ${missing} is missing from what was saved`,
    );
  const config = (optimizer as SlotFields).getConfig?.() ?? {};
  for (const [name, saved] of Object.entries(meta['config'] as Record<string, Json>)) {
    if (!(driven as readonly string[]).includes(name) && config[name] !== saved)
      refuse(
        'state',
        '',
        `loadTraining: ${name} of ${className} was ${show(saved)} when saved and is ${show(config[name])} now`,
      );
  }
}

/** Puts slots back, and disposes those that were there. `rename` gives the present name of a variable. */
export function writeSlots(
  optimizer: OptimizerLike,
  meta: Slots['meta'],
  tensors: SlotTensors,
  rename: (name: string) => string,
): void {
  if (hasSlots(optimizer)) {
    optimizer.restoreSlots(meta, tensors, rename);
    return;
  }
  const fields = optimizer as SlotFields & Record<string, unknown>;
  dispose(slotLists(optimizer).flatMap(([, slots]) => slots.map((slot) => slot.variable)));
  for (const [field, names] of Object.entries(meta['lists'] as Record<string, string[]>))
    fields[field] = names.map((name, i) => {
      const at = name.lastIndexOf('/');
      return {
        originalName: rename(name.slice(0, at)) + name.slice(at),
        variable: variable(tensors[`${field}/${i}`]!, false),
      };
    });
  for (const [field, scalar] of scalars(optimizer)) scalar.assign(tensors[field]!);
  const config = meta['config'] as Record<string, number>;
  for (const name of ['beta1', 'beta2'] as const) if (config[name] !== undefined) fields[name] = config[name];
  if (config['momentum'] !== undefined) writeMomentum(fields, config['momentum']);
  if (config['learningRate'] !== undefined) {
    if (fields.setLearningRate) fields.setLearningRate(config['learningRate']);
    else fields.learningRate = config['learningRate'];
  }
  fields.iterations_ = meta['iterations'] as number;
}
