import { hyperparameters, type GroupValues, type Hyperparameter, type Tracks } from '@anneal/core';
import { check } from '@anneal/core/options';
import type { Binding } from '../binding.ts';
import { bindings } from '../checkArguments.ts';
import type { OptimizerLike, TensorLike } from '../optimizer.ts';
import type { OptimizerFields } from '../optimizerFields.ts';

/** The values of one set of parameters; what nothing uses, or nothing has used yet, is left out. */
export type AppliedGroup = Partial<GroupValues>;

/** What the last update computed with: the base tracks, and those of each group that the plan names. */
export type AppliedValues = AppliedGroup & { readonly groups?: Readonly<Record<string, AppliedGroup>> };

/** The variables that share one optimizer: all of them, or a part of a group. */
export interface Cohort {
  /** undefined for those that take the base tracks. */
  readonly group: string | undefined;
  /** undefined for all variables. */
  readonly names?: readonly string[];
  readonly optimizer: OptimizerLike;
}

/** An optimizer made of others. */
interface HasCohorts {
  readonly cohorts: readonly Cohort[];
}

/** Where tfjs's optimizers keep what they multiply by: `c` = −rate and `m` are scalars on the device. */
type Readable = TensorLike & { data(): Promise<ArrayLike<number>> };

/**
 * Reads every hyperparameter of the last update back from where the arithmetic takes it: the optimizer's fields and
 * scalars, weight decay from the hook that decays. Before any update, what the first one will find in the optimizer.
 *
 * `binding.values` says what the plan asked for; this says what came of it, and costs a transfer from the device with
 * SGD and Momentum. A track that the plan does not drive is left out, as is a group none of whose variables has been
 * updated, and the base where every variable is in a group.
 *
 * @example
 * const { learningRate, groups } = await appliedValues(binding);
 */
export async function appliedValues(binding: Binding): Promise<AppliedValues> {
  const { optimizer, hooks, scheduler } = check('appliedValues', 'binding', bindings, binding, { path: '' });
  const { groups, ...base } = scheduler.plan;
  const cohorts = (optimizer as Partial<HasCohorts>).cohorts ?? [{ group: undefined, optimizer }];
  const byHooks = Object.assign({}, ...hooks.map((hook) => hook.applied?.())) as Readonly<Record<string, AppliedGroup>>;

  async function read(group: string | undefined, tracks: Tracks): Promise<AppliedGroup | undefined> {
    // All cohorts of a group are written together: what one holds, all hold.
    const own = cohorts.filter((cohort) => cohort.group === group);
    if (own.length === 0) return undefined;
    const names = own.flatMap((cohort) => cohort.names ?? Object.keys(byHooks));
    const used = { ...(await usedBy(own[0]!.optimizer)), ...byHooks[names.find((name) => byHooks[name])!] };
    const driven = hyperparameters.filter((name) => tracks[name] !== undefined && used[name] !== undefined);
    return Object.fromEntries(driven.map((name) => [name, used[name]!]));
  }

  const values = await read(undefined, base);
  if (groups === undefined) return { ...values };
  const ofGroups: Record<string, AppliedGroup> = {};
  for (const [name, tracks] of Object.entries(groups)) {
    // oxlint-disable-next-line no-await-in-loop -- a few scalars
    const group = await read(name, { ...base, ...tracks });
    if (group !== undefined) ofGroups[name] = group;
  }
  return { ...values, groups: ofGroups };
}

async function usedBy(optimizer: OptimizerLike): Promise<{ readonly [H in Hyperparameter]?: number | undefined }> {
  const { learningRate, momentum, beta1, beta2, weightDecay, c, m } = optimizer as OptimizerLike & OptimizerFields;
  const scalar = async (tensor: TensorLike): Promise<number> => (await (tensor as Readable).data())[0]!;
  return {
    learningRate: c === undefined ? learningRate : -(await scalar(c)),
    momentum: m === undefined ? momentum : await scalar(m),
    beta1,
    beta2,
    weightDecay,
  };
}
