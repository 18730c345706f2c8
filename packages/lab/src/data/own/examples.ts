import { LabError } from '../../labError.ts';
import { generator } from '../../random/generator.ts';
import { permutation } from '../../random/permutation.ts';
import type { Splits } from '../../tasks/exampleSource.ts';
import type { Split } from '../../tasks/source.ts';
import { rowsOf } from '../rows.ts';
import { elementsOf, type Batch, type Numbers, type Tensor } from '../tensor.ts';
import type { Field } from './fields.ts';
import { refuseField, shown, type Place } from './place.ts';

/** One example as it was read: a value for each field, nested as its shape is, or flat in one array. */
export type Example = Readonly<Record<string, unknown>>;

/** What a person's examples are. */
export interface OwnExamples {
  readonly splits: Splits;
  /** Where classes were named: the names in the order of their numbers. */
  readonly classes?: readonly string[];
}

const splitNames: readonly Split[] = ['train', 'validation', 'test'];
const isSplit = (value: unknown): value is Split => splitNames.includes(value as Split);

/** Every tenth guides, every tenth judges. */
const turns: readonly Split[] = ['validation', 'test', ...Array<Split>(8).fill('train')];

/** The elements of one field, as they come. */
interface Column {
  readonly field: Field;
  readonly values: number[];
  readonly labels: string[];
  dims: readonly number[] | undefined;
  /** Where its shape was seen first. */
  first: Place | undefined;
}

/**
 * Collects examples, checks each against the fields, and deals them out. A field `split` says where an example belongs; without it a seed
 * deals them out, eight in ten to train, each class its share.
 */
export class ExampleCollector {
  readonly #columns: readonly Column[];
  readonly #splits: (Split | undefined)[] = [];
  readonly #seed: number;

  constructor(fields: readonly Field[], seed = 0) {
    this.#columns = fields.map((field) => ({ field, values: [], labels: [], dims: undefined, first: undefined }));
    this.#seed = seed;
  }

  get fields(): readonly Field[] {
    return this.#columns.map(({ field }) => field);
  }

  /** @param split where it belongs, known by its file or folder; else by its field `split` */
  add(example: Example, place: Place, split?: Split): void {
    const said =
      Object.hasOwn(example, 'split') && !this.fields.some(({ name }) => name === 'split') ? example['split'] : split;
    if (said !== undefined && !isSplit(said))
      refuseField(place, 'split', `must be train, validation or test; received ${shown(said)}`);
    if (this.#splits.length > 0 && (this.#splits[0] === undefined) !== (said === undefined))
      refuseField(place, 'split', 'must stand in every example or in none');
    for (const column of this.#columns) {
      const { name } = column.field;
      if (!Object.hasOwn(example, name))
        refuseField(place, name, `is missing; the example holds ${Object.keys(example).join(', ') || 'nothing'}`);
      addValue(column, example[name], place);
    }
    this.#splits.push(said);
  }

  /** Throws a LabError where a split is left without an example. */
  finish(source: string): OwnExamples {
    const count = this.#splits.length;
    if (count < 3)
      throw new LabError('data', `${source}: at least 3 examples are needed, one for each split; received ${count}`);
    const target = this.#columns.find(({ field }) => field.role === 'target');
    const classes = target === undefined ? undefined : numbered(target, source);
    const all = Object.fromEntries(this.#columns.map((column) => [column.field.name, tensorOf(column, count)]));
    const given = this.#splits[0] !== undefined;
    const order = given ? Array.from({ length: count }, (_, i) => i) : this.#dealt(target);
    const part = (split: Split): Batch => {
      const rows = order.filter((example, i) => (given ? this.#splits[example] : turns[i % turns.length]) === split);
      if (rows.length === 0)
        throw new LabError(
          'data',
          `${source}: no example belongs to ${split}; each of train, validation and test needs one`,
        );
      return rowsOf(all, rows);
    };
    const splits = { train: part('train'), validation: part('validation'), test: part('test') };
    return classes === undefined ? { splits } : { splits, classes };
  }

  /** In an order that the seed draws, class by class where an example has one. */
  #dealt(target: Column | undefined): number[] {
    const count = this.#splits.length;
    const order = [...permutation(count, generator(this.#seed, 'split'))];
    if (target === undefined || target.values.length !== count || target.field.type !== 'int64') return order;
    return order.sort((a, b) => (target.values[a] as number) - (target.values[b] as number));
  }
}

/** Adds what an example holds of a field, once it is found to be of its type, shape and range. */
function addValue(column: Column, value: unknown, place: Place): void {
  const { field, values } = column;
  const before = values.length;
  const named = field.names && typeof value === 'string';
  if (field.names && before > 0 && named !== column.labels.length > 0)
    refuseField(
      place,
      field.name,
      `must be a ${named ? 'number' : 'name'}, as in the examples before; received ${shown(value)}`,
    );
  if (named) {
    column.labels.push(value);
    values.push(0);
    column.dims ??= [];
    column.first ??= place;
    return;
  }
  const dims = shapeOf(field, value, place);
  flatten(field, value, place, values);
  const size = values.length - before;
  const known = column.dims ?? dims;
  const matches = size === elementsOf(known) && (dims.join() === known.join() || dims.length <= 1);
  if (!matches) {
    const where =
      column.first === undefined
        ? ''
        : `, as in ${column.first.file}${column.first.line === undefined ? '' : `:${column.first.line}`}`;
    const wanted = column.dims === undefined ? field.dims.map((dim) => dim ?? '?') : known;
    refuseField(place, field.name, `must have the shape [${wanted.join(', ')}]${where}; received [${dims.join(', ')}]`);
  }
  column.dims = known;
  column.first ??= place;
}

/** The shape of a value; one that is flat, or a single number, takes that of the field where it has as many elements. */
function shapeOf({ name, dims }: Field, value: unknown, place: Place): readonly number[] {
  const own: number[] = [];
  for (let at = value; Array.isArray(at) || ArrayBuffer.isView(at); at = (at as readonly unknown[])[0])
    own.push((at as readonly unknown[]).length);
  const open = dims.filter((dim) => dim === undefined).length;
  const size = elementsOf(own);
  if (own.length === dims.length && dims.every((dim, i) => dim === undefined || dim === own[i])) return own;
  if (own.length <= 1 && open === 0 && size === elementsOf(dims as readonly number[])) return dims as readonly number[];
  return refuseField(
    place,
    name,
    `must have the shape [${dims.map((dim) => dim ?? '?').join(', ')}]; received ${own.length === 0 ? shown(value) : `[${own.join(', ')}]`}`,
  );
}

function flatten(field: Field, value: unknown, place: Place, into: number[]): void {
  if (ArrayBuffer.isView(value)) {
    for (const element of value as Float32Array) into.push(checked(field, element, place));
  } else if (Array.isArray(value)) {
    const widths = new Set(value.map((each: unknown) => (Array.isArray(each) ? each.length : -1)));
    if (widths.size > 1)
      refuseField(
        place,
        field.name,
        `must have rows of one length; received rows of ${[...widths].map((w) => (w < 0 ? 'no' : w)).join(', ')} elements`,
      );
    for (const each of value as unknown[]) flatten(field, each, place, into);
  } else into.push(checked(field, value, place));
}

/** One element, a finite number of the field's type and range. */
function checked({ name, type, range, share, names }: Field, value: unknown, place: Place): number {
  const number = type === 'bool' && typeof value === 'boolean' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number))
    return refuseField(
      place,
      name,
      `must hold finite numbers${names ? ', or the name of a class' : ''}; received ${shown(value)}`,
    );
  if (share === true && !(number >= 0 && number <= 1))
    return refuseField(place, name, `must hold numbers in [0, 1]; received ${number}`);
  if (type === 'float32') {
    if (Number.isFinite(Math.fround(number))) return number;
    return refuseField(place, name, `must hold numbers of float32, 3.4e38 at most; received ${number}`);
  }
  const [least, end] =
    type === 'bool'
      ? [0, 2]
      : type === 'uint8'
        ? [0, 256]
        : type === 'int32'
          ? [-(2 ** 31), 2 ** 31]
          : [-(2 ** 53), 2 ** 53];
  if (!Number.isInteger(number) || number < least || number >= end)
    return refuseField(place, name, `must hold whole numbers of ${type}; received ${shown(value)}`);
  if (range !== undefined && (number < range.least || number >= range.end) && number !== range.ignored)
    return refuseField(
      place,
      name,
      `must hold numbers from ${range.least} to ${range.end - 1}, ${range.what}; received ${number}`,
    );
  return number;
}

/** Numbers the names of classes in the order of the alphabet; undefined where there are numbers. */
function numbered({ field, values, labels }: Column, source: string): readonly string[] | undefined {
  if (labels.length === 0) return undefined;
  const names = [...new Set(labels)].sort((a, b) => (a < b ? -1 : 1));
  if (field.range !== undefined && names.length > field.range.end)
    throw new LabError(
      'data',
      `${source}: ${field.name} holds ${names.length} names of classes (${names.slice(0, 5).join(', ')}…), and the model tells ${field.range.end} apart`,
    );
  const numbers = new Map(names.map((name, i) => [name, i]));
  labels.forEach((label, i) => {
    values[i] = numbers.get(label) as number;
  });
  return names;
}

const arrays: Readonly<Record<Field['type'], (values: readonly number[]) => Numbers>> = {
  float32: (values) => Float32Array.from(values),
  int32: (values) => Int32Array.from(values),
  int64: (values) => BigInt64Array.from(values, BigInt),
  bool: (values) => Uint8Array.from(values),
  uint8: (values) => Uint8Array.from(values),
};

const tensorOf = ({ field, values, dims }: Column, count: number): Tensor => ({
  data: arrays[field.type](values),
  dims: [count, ...(dims ?? [])],
});
