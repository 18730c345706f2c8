import {
  createScheduler,
  ScheduleError,
  type GroupValues,
  type PlanLike,
  type RunLength,
  type Scheduler,
} from '@anneal/core';
import type { Binding, BindingState, BindOptions } from './binding.ts';
import { checkBinding, checkRestore, checkState } from './checkArguments.ts';
import { checkedNames } from './checkedNames.ts';
import { classNameOf, listOf, type Gradients, type OptimizerLike } from './optimizer.ts';
import { refuse } from './refuse.ts';
import { targetOf } from './target.ts';
import type { UpdateHook } from './updateHook.ts';

const bindingKey = Symbol.for('@anneal/tfjs.binding');

/** The last binding that a hook was given to. */
const boundBy = new WeakMap<UpdateHook, Binding>();

interface Patched {
  applyGradients: (gradients: Gradients) => unknown;
  [bindingKey]?: Binding;
}

function schedulerOf(plan: PlanLike, horizon: RunLength | undefined): Scheduler {
  try {
    return createScheduler(plan, horizon && { horizon });
  } catch (error) {
    if (!(error instanceof ScheduleError && error.code === 'horizon')) throw error;
    const instead = 'give the option horizon, or the plan to learningRateCallback, which knows how long fit is';
    return refuse('horizon', error.path, `bindOptimizer: ${error.message}; ${instead}`, error.received);
  }
}

/** The binding that drives an optimizer now, of whichever copy of this package. */
export const bindingOf = (optimizer: object): Binding | undefined => (optimizer as Partial<Patched>)[bindingKey];

const isLive = (binding: Binding | undefined): boolean =>
  binding !== undefined && bindingOf(binding.optimizer) === binding;

/**
 * Puts an optimizer of TensorFlow.js under a plan.
 *
 * From then on every update, whether through `fit`, `fitDataset`, `trainOnBatch`, `minimize` or `applyGradients`, first
 * gets the plan's values at `optimizer.iterations`, the learning rate rounded to float32. Only this instance is changed:
 * class, saving and configuration stay what they are.
 *
 * Throws a `ScheduleError` if the optimizer is bound already, lacks a hyperparameter that the plan drives, has already run
 * without `startStep` or `state`, or if an option, a hook or the optimizer is none. An update throws, before anything is
 * changed, if a value is negative or not finite, or if the variables are not those of the update before: the slots of
 * tfjs's optimizers go by position, so they would be mixed up. SGD has none, and its variables may come and go.
 *
 * @example
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
 * model.compile({ optimizer: tf.train.adam(1e-3), loss: 'meanSquaredError' });
 * const binding = bindOptimizer(model.optimizer, warmup({ warmupSteps: 10, schedule: cosineDecay({ initValue: 0.01, decaySteps: 90 }) }));
 * await model.fit(xs, ys, { epochs: 10 });
 * binding.step; // updates made
 */
export function bindOptimizer(optimizer: OptimizerLike, plan: PlanLike, options: BindOptions = {}): Binding {
  checkBinding(optimizer, options);
  const { startStep, state, hooks = [], horizon, ...restoreOptions } = options;
  const patched = optimizer as Patched;
  const { iterations } = optimizer;
  const hasRun = !state && iterations! > 0;
  const target = targetOf(optimizer);
  const scheduler = schedulerOf(plan, horizon);
  if (state !== undefined) {
    checkState(state, hooks);
    scheduler.restore(state.scheduler, restoreOptions);
  }

  // Nothing is driven and nothing written until everything has been checked.
  const claimed = hooks.flatMap(({ tracks = [] }) => tracks);
  const object = (objection: string | undefined): void => {
    if (objection) refuse('invalid', '', `bindOptimizer: ${objection}`);
  };
  const name = classNameOf(optimizer);
  if (patched[bindingKey]) object(`${name} is already bound; detach its binding`);
  if (hasRun && startStep === undefined) object(`${name} has already run; give startStep or a state`);
  object(target.objection(scheduler.plan, claimed, hasRun));
  // What a hook remembers is about the updates of one optimizer.
  const taken = hooks.find((hook, i) => hook.state && (hooks.indexOf(hook) < i || isLive(boundBy.get(hook))));
  if (taken) object(`${taken.name} already stands around other updates; make one for each binding`);
  const start = startStep === 'iterations' ? Number(iterations) : (startStep ?? scheduler.step);
  if (state && start !== scheduler.step)
    object(`startStep says step ${start} and the state ${scheduler.step}; give one of them`);
  let values = target.checked(scheduler.values(start), start);
  createScheduler(scheduler, {
    startStep: start,
    ...(iterations !== undefined && { clock: () => optimizer.iterations! }),
  });
  const writeValues = (saved?: BindingState): void => {
    if (saved) {
      target.restore(saved.target);
      hooks.forEach((hook, i) => hook.restore?.(saved.hooks[i]!));
    }
    values = target.checked(scheduler.values(), scheduler.step);
    target.write(values);
  };

  // oxlint-disable-next-line typescript/unbound-method -- always called on the optimizer
  const original = patched.applyGradients;
  let names: readonly string[] | undefined;

  function applyGradients(gradients: Gradients): unknown {
    // Detached: somebody who has patched over this binding still calls it.
    if (patched[bindingKey] !== binding) return original.call(optimizer, gradients);
    if (!target.valuesOf) names = checkedNames(names, listOf(gradients), optimizer);
    writeValues();
    let result: unknown;
    const own = (passed: Gradients): boolean => {
      result = original.call(optimizer, passed);
      target.updated();
      if (iterations === undefined) scheduler.advance();
      return true;
    };
    const run = hooks.reduceRight(
      (next, hook) => (passed) => {
        let made = false;
        const valuesOf = (variable: string): GroupValues => target.valuesOf?.(variable) ?? values;
        const update = { step: scheduler.step, values, valuesOf };
        hook.update(listOf(passed), update, (given) => (made = next(given)));
        return made;
      },
      own,
    );
    run(gradients);
    return result;
  }

  const binding: Binding = {
    optimizer,
    scheduler,
    hooks,
    get learningRate() {
      return target.learningRate;
    },
    get values() {
      return values;
    },
    get step() {
      return scheduler.step;
    },
    report: (metrics) => scheduler.report(metrics),
    state: () => ({
      version: 1,
      scheduler: scheduler.state(),
      target: target.state(),
      hooks: hooks.map((hook) => hook.state?.() ?? null),
    }),
    finish() {
      if (patched[bindingKey] !== binding) return;
      for (const hook of hooks) {
        const left = hook.finish?.();
        if (left) applyGradients(left);
      }
    },
    restore(saved, policy) {
      checkRestore('restore', policy);
      checkState(saved, hooks);
      // Asked first of a scheduler that drives nothing: the plan that it ends under may be the saved one.
      const probe = createScheduler(scheduler.plan);
      probe.restore(saved.scheduler, policy);
      object(target.objection(probe.plan, claimed));
      scheduler.restore(saved.scheduler, policy);
      writeValues(saved);
    },
    detach() {
      if (patched[bindingKey] !== binding) return;
      delete patched[bindingKey];
      if (patched.applyGradients === applyGradients) patched.applyGradients = original;
    },
  };
  writeValues(state);
  patched.applyGradients = applyGradients;
  patched[bindingKey] = binding;
  for (const hook of hooks) boundBy.set(hook, binding);
  return binding;
}
