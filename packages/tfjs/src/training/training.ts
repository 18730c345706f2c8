import { createScheduler, type RestoreOptions } from '@anneal/core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { checkRestore } from '../checkArguments.ts';
import { refuse } from '../refuse.ts';
import { targetOf } from '../target.ts';
import { checkMeta } from './checkMeta.ts';
import { checkTraining } from './checkTraining.ts';
import type { Training } from './makeup.ts';
import type { TrainingMeta } from './trainingMeta.ts';
import { checkSlots, readSlots, writeSlots, type SlotTensors } from '../optimizerSlots.ts';

/** A training taken apart: plain data, and live tensors by path. */
export interface TrainingContents {
  readonly meta: TrainingMeta;
  readonly tensors: SlotTensors;
}

function variablesOf({ weights }: Training): readonly Variable[] {
  return ('weights' in weights ? weights.weights.map((weight) => weight.read()) : weights) as Variable[];
}

/** Takes a training apart. The tensors are the live ones. */
export function contentsOf(training: Training): TrainingContents {
  checkTraining(training);
  const { binding, parts = {} } = training;
  const variables = variablesOf(training);
  const slots = readSlots(binding.optimizer);
  const hooks = binding.hooks.flatMap((hook, i) =>
    Object.entries(hook.tensors?.() ?? {}).map(([key, tensor]) => [`hooks/${i}/${key}`, tensor as Tensor] as const),
  );
  return {
    meta: {
      version: 1,
      variables: variables.map(({ name, shape }) => ({ name, shape: [...shape] })),
      optimizer: slots.meta,
      binding: binding.state(),
      hooks: binding.hooks.map(({ name }) => name),
      parts: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.state()])),
    },
    tensors: Object.fromEntries([
      ...variables.map((variable, i) => [`variables/${i}`, variable] as const),
      ...Object.entries(slots.tensors).map(([key, tensor]) => [`optimizer/${key}`, tensor] as const),
      ...hooks,
    ]),
  };
}

/** Puts a training together again. Checks everything before it writes anything. */
export function restoreContents(
  training: Training,
  { meta, tensors }: TrainingContents,
  options?: RestoreOptions,
): void {
  checkTraining(training);
  checkRestore('loadTraining', options);
  const { binding, parts = {} } = training;
  const variables = variablesOf(training);
  const under = (prefix: string): SlotTensors =>
    Object.fromEntries(
      Object.entries(tensors).flatMap(([key, tensor]) =>
        key.startsWith(prefix) ? [[key.slice(prefix.length), tensor] as const] : [],
      ),
    );
  checkMeta(meta);
  checkMakeup(meta, variables, training);
  variables.forEach(({ shape }, i) => checkTensor(tensors, `variables/${i}`, shape));
  checkSlots(binding.optimizer, meta.optimizer, under('optimizer/'));
  // Would this plan take the state, and the optimizer the plan that comes of it? Asked of a scheduler that drives nothing.
  const probe = createScheduler(binding.scheduler.plan);
  probe.restore(meta.binding.scheduler, options);
  const claimed = binding.hooks.flatMap(({ tracks = [] }) => tracks);
  const objection = targetOf(binding.optimizer).objection(probe.plan, claimed);
  if (objection !== undefined) refuse('state', '', `loadTraining: ${objection}`);

  // Names differ from page to page (tfjs-layers numbers them); the order does not.
  const names = new Map(meta.variables.map(({ name }, i) => [name, variables[i]!.name]));
  const rename = (name: string): string => names.get(name) ?? name;
  variables.forEach((variable, i) => variable.assign(tensors[`variables/${i}`]!));
  writeSlots(binding.optimizer, meta.optimizer, under('optimizer/'), rename);
  binding.hooks.forEach((hook, i) => hook.restoreTensors?.(under(`hooks/${i}/`), rename));
  binding.restore(meta.binding, options);
  for (const [name, part] of Object.entries(parts)) part.restore(meta.parts[name]!);
}

function checkTensor(tensors: SlotTensors, key: string, shape: readonly number[]): void {
  if (tensors[key]?.shape.join() !== shape.join())
    refuse(
      'state',
      `/${key}`,
      `loadTraining: the tensor ${key} of shape [${shape.join()}] is missing from what was saved`,
    );
}

/** Throws unless a saved training is made up as this one is. */
function checkMakeup(meta: TrainingMeta, variables: readonly Variable[], { binding, parts = {} }: Training): void {
  const [saved, now] = [meta.hooks, binding.hooks.map(({ name }) => name)].map((names) => names.join(', ') || 'none');
  if (saved !== now) refuse('state', '/hooks', `loadTraining: the hooks were ${saved} when saved and are ${now} now`);
  if (meta.variables.length !== variables.length)
    refuse(
      'state',
      '/variables',
      `loadTraining: ${meta.variables.length} variables were saved; the model has ${variables.length}`,
    );
  // Equal shapes would not tell. Names that were never seen here prove nothing.
  const names = variables.map(({ name }) => name);
  const moved = meta.variables.findIndex(({ name }, i) => name !== names[i]);
  if (moved >= 0 && meta.variables.every(({ name }) => names.includes(name)))
    refuse(
      'state',
      `/variables/${moved}`,
      `loadTraining: the variables stood in another order when saved, with "${meta.variables[moved]!.name}" in the place of "${names[moved]}"; freeze the layers that were frozen then`,
    );
  meta.variables.forEach(({ name, shape }, i) => {
    const now = variables[i]!.shape;
    if (shape.join() !== now.join())
      refuse(
        'state',
        `/variables/${i}`,
        `loadTraining: variable ${i} ("${name}") had shape [${shape.join()}] when saved and has [${now.join()}] now`,
      );
  });
  for (const name of new Set([...Object.keys(meta.parts), ...Object.keys(parts)]))
    if (!Object.hasOwn(meta.parts, name) || !Object.hasOwn(parts, name))
      refuse(
        'state',
        `/parts/${name}`,
        `loadTraining: the part "${name}" stands ${Object.hasOwn(parts, name) ? 'in the training and not in what was saved' : 'in what was saved and not in the training'}`,
      );
}
