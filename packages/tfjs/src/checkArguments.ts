import type { RestoreOptions } from '@anneal/core';
import { check, checkKeys, count, type Rule } from '@anneal/core/options';
import type { Binding, BindingState, BindOptions } from './binding.ts';
import type { OptimizerLike } from './optimizer.ts';
import type { UpdateHook } from './updateHook.ts';

/** A rule that a test decides. */
export const rule = <V>(words: string, test: (value: V) => unknown): Rule<V> => ({
  rule: words,
  read: (value) => (test(value as V) ? (value as V) : undefined),
});

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** An object of names, not a list, a map or a promise. */
export const isPlain = (value: unknown): boolean =>
  [Object.prototype, null].includes(Object.getPrototypeOf(value ?? 0) as object);

/** What bindOptimizer gives. */
export const bindings: Rule<Binding> = rule(
  'what bindOptimizer gave',
  (value) => isObject(value) && 'hooks' in value && 'scheduler' in value,
);

const optimizers: Rule<OptimizerLike> = rule(
  'an optimizer, such as tf.train.adam(1e-3) or model.optimizer of a model that is compiled',
  (value) => typeof (Object(value) as OptimizerLike).applyGradients === 'function',
);

const lists: Rule<readonly UpdateHook[]> = rule(
  'a list of hooks { name, update }, such as [clipByGlobalNorm(1)]',
  (value) => Array.isArray(value) && value.every((hook) => isObject(hook) && 'name' in hook && 'update' in hook),
);

/** Refuses what is no optimizer, above all that of a model that was not compiled. */
export const checkOptimizer = (subject: string, optimizer: OptimizerLike): OptimizerLike =>
  check(subject, 'optimizer', optimizers, optimizer, { path: '' });

const restoring = ['onPlanChange', 'parse'];

/** Refuses what is no optimizer, unknown options, and hooks that are none; core looks at the rest. */
export function checkBinding(optimizer: OptimizerLike, options: BindOptions): void {
  const subject = 'bindOptimizer';
  checkOptimizer(subject, optimizer);
  checkKeys(subject, ['startStep', 'state', 'hooks', 'horizon', ...restoring], options);
  const { startStep, hooks } = options;
  if (hooks !== undefined) check(subject, 'hooks', lists, hooks);
  if (startStep !== undefined && startStep !== 'iterations')
    check(subject, 'startStep', { ...count, rule: `"iterations" or ${count.rule}` }, startStep);
}

/** Refuses what is no state of a binding with these hooks. */
export function checkState(state: BindingState, { length }: readonly UpdateHook[]): void {
  const states = rule<Partial<BindingState> | null>(
    `what state() of a binding with ${length} hooks gave`,
    (value) => value?.hooks?.length === length,
  );
  check('bindOptimizer', 'state', states, state, { path: '', code: 'state' });
}

/** Refuses unknown options of going on from a state. */
export const checkRestore = (subject: string, options: RestoreOptions | undefined): void =>
  checkKeys(subject, restoring, options);
