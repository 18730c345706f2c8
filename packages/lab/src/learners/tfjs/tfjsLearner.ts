import type { Plan, StepValues } from '@anneal/core';
import { bindOptimizer, type UpdateHook } from '@anneal/tfjs';
import { accumulateGradients, parameterGroups, weightAverage } from '@anneal/tfjs/ops';
import { appliedValues, trainingFromBytes, trainingToBytes, type AppliedValues } from '@anneal/tfjs/training';
import type * as tfCore from '@tensorflow/tfjs-core';
import type { Batch, Tensor } from '../../data/tensor.ts';
import { LabError } from '../../labError.ts';
import type { Task } from '../../tasks/task.ts';
import { exampleOf, type Setup } from '../../trials/setup.ts';
import type { WasmPaths } from '../backend.ts';
import { nameOf } from '../backendName.ts';
import type { Learner, Trained } from '../learner.ts';
import { restoreOptions } from '../restoreOptions.ts';
import { openForward, type Forward } from './forward.ts';
import { loadTfjs, type TfjsDevice } from './loadTfjs.ts';

/** A learner that interprets an ONNX model on TensorFlow.js and trains it with an optimizer of it, bound by @anneal/tfjs. */
export async function tfjsLearner(
  setup: Setup,
  device: TfjsDevice,
  { wasmPaths }: { readonly wasmPaths?: WasmPaths } = {},
): Promise<Learner> {
  const { task, recipe, settings, trial, accumulate } = setup;
  const backend = nameOf('tfjs', device);
  if (recipe.tfjs === undefined) throw new LabError('missing', `${backend} lacks the optimizer ${recipe.name}`);
  const tf = await loadTfjs(device, wasmPaths?.tfjs);
  const forward = openForward(tf, task.model.graph(trial.seed), {
    loss: task.loss,
    batch: await exampleOf(setup),
    seed: trial.seed,
  });

  const prefix = freePrefix(tf);
  const parameters = variablesOf(tf, prefix, forward.parameters);
  const statistics = variablesOf(tf, prefix, forward.statistics);
  const values = new Map([...parameters, ...statistics]);
  const trained = [...parameters.values()];

  const newOptimizer = (): tfCore.Optimizer => recipe.tfjs!(tf, settings);
  const optimizer =
    setup.plan.groups === undefined
      ? newOptimizer()
      : parameterGroups({ optimizer: newOptimizer, groups: matchers(setup.groups, prefix) });
  const average = trial.average === undefined ? undefined : weightAverage(trial.average);
  const hooks: UpdateHook[] = [
    ...(accumulate > 1 ? [accumulateGradients(accumulate)] : []),
    ...((await recipe.tfjsHooks?.(settings)) ?? []),
    ...(average === undefined ? [] : [average]),
  ];
  const plan = withWeightDecay(setup.plan, settings['weightDecay']);
  const binding = bindOptimizer(optimizer, plan, { hooks });
  const training = { weights: [...values.values()], binding };

  const use = async (): Promise<void> => {
    if (tf.getBackend() !== device) await tf.setBackend(device);
  };

  /** The loss of one batch before the optimizer is handed its gradient; running statistics follow the batch. */
  async function minimize(batch: Batch, micro: number): Promise<number> {
    const next = new Map<string, tfCore.Tensor>();
    const cost = tf.tidy((): tfCore.Scalar =>
      optimizer.minimize(
        () => {
          const { loss, statistics: after } = forward.loss(values, batch, { step: binding.step, batch: micro });
          for (const [name, tensor] of after) next.set(name, tf.keep(tf.clone(tensor)));
          return loss;
        },
        true,
        trained,
      )!,
    );
    for (const [name, tensor] of next) {
      statistics.get(name)!.assign(tensor);
      tensor.dispose();
    }
    const [loss] = await cost.data();
    cost.dispose();
    return loss!;
  }

  return {
    backend,
    scheduler: binding.scheduler,

    async train(batches, { signal } = {}): Promise<Trained> {
      await use();
      const losses: number[] = [];
      const applied: StepValues[] = [];
      const done = (stopped: Trained['stopped'], reason: string | null): Trained => ({
        losses: Float32Array.from(losses),
        applied,
        stopped,
        reason,
      });
      for (let first = 0; first < batches.length; first += accumulate) {
        const { step } = binding;
        if (signal?.aborted === true) return done('aborted', `the run was aborted at step ${step}`);
        let sum = 0;
        for (let i = 0; i < accumulate; i += 1) sum += await minimize(batches[first + i]!, i);
        const loss = sum / accumulate;
        if (!Number.isFinite(loss)) return done('diverged', `the loss at step ${step} is ${loss}`);
        losses.push(loss);
        applied.push(drivenBy(setup.plan, await appliedValues(binding)));
        binding.report({ batchLoss: loss });
      }
      return done(null, null);
    },

    async predict(batch: Batch): Promise<Batch> {
      await use();
      const predict = (): Promise<Batch> => forward.predict(values, batch);
      return average === undefined ? predict() : average.whileSwapped(predict);
    },

    async weights(): Promise<Readonly<Record<string, Tensor>>> {
      await use();
      const read = [...parameters].map(async ([name, variable]) => {
        const data = Float32Array.from(await variable.data());
        return [name, { data, dims: variable.shape }] as const;
      });
      return Object.fromEntries(await Promise.all(read));
    },

    async save(): Promise<Uint8Array> {
      await use();
      return trainingToBytes(training);
    },

    async load(bytes, options): Promise<void> {
      await use();
      trainingFromBytes(bytes, training, { ...restoreOptions(plan), ...options });
    },

    async dispose(): Promise<void> {
      binding.detach();
      for (const hook of hooks) tf.dispose(Object.values(hook.tensors?.() ?? {}) as tfCore.Tensor[]);
      discard(optimizer);
      tf.dispose([...values.values()]);
      forward.dispose();
    },
  };
}

/** Prepares a task's graph for a device and lets it go; throws a LabError `unsupported` that names what the device lacks. */
export async function tryGraph(task: Task, device: TfjsDevice): Promise<void> {
  const tf = await loadTfjs(device);
  const { batchSize } = task.defaults;
  const batch = await exampleOf({ source: await task.open({ seed: 1, batchSize }) });
  openForward(tf, task.model.graph(1), { loss: task.loss, batch }).dispose();
}

/**
 * Tells the variables of learners apart: tfjs knows them by name, once in a process. The first that is free, since names
 * are saved with the training, and a run on its own shall always leave the same bytes.
 */
function freePrefix(tf: typeof tfCore): string {
  const taken = new Set(Object.keys(tf.engine().registeredVariables).map((name) => name.split('/')[0]));
  let i = 1;
  while (taken.has(String(i))) i += 1;
  return `${i}/`;
}

function variablesOf(
  tf: typeof tfCore,
  prefix: string,
  constants: Forward['parameters'],
): ReadonlyMap<string, tfCore.Variable> {
  return new Map(
    [...constants].map(([name, { data, dims }]) => [
      name,
      tf.tidy(() => tf.variable(tf.tensor(data as Float32Array, [...dims]), true, `${prefix}${name}`)),
    ]),
  );
}

/** Groups by the names that parameters have in the graph. */
function matchers(
  groups: Setup['groups'],
  prefix: string,
): Readonly<Record<string, (variable: { readonly name: string }) => boolean>> {
  return Object.fromEntries(
    Object.entries(groups).map(([group, pattern]) => [
      group,
      ({ name }: { readonly name: string }) => name.startsWith(prefix) && pattern.test(name.slice(prefix.length)),
    ]),
  );
}

/** The plan with a track for a decay that it leaves to the optimizer: in tfjs a hook reads it from the plan. */
const withWeightDecay = (plan: Plan, weightDecay: unknown): Plan =>
  typeof weightDecay === 'number' && plan.weightDecay === undefined ? { ...plan, weightDecay } : plan;

/** The values of tracks that the plan has, without one that was added for a hook. */
function drivenBy(plan: Plan, { groups, ...base }: AppliedValues): StepValues {
  const known = (tracks: object, values: object): object =>
    Object.fromEntries(Object.entries(values).filter(([name]) => name in tracks));
  const of = (group: string): object => ({ ...plan, ...plan.groups?.[group] });
  const named = Object.entries(groups ?? {}).map(([name, values]) => [name, known(of(name), values)] as const);
  // A base that every variable has left for a group has no values: nothing was applied there.
  return {
    ...known(plan, base),
    ...(groups !== undefined && { groups: Object.fromEntries(named) }),
  } as unknown as StepValues;
}

/** Disposes of an optimizer, also of the scalar that Momentum's own dispose forgets. */
function discard(optimizer: tfCore.Optimizer): void {
  optimizer.dispose();
  (optimizer as unknown as { readonly c?: tfCore.Tensor }).c?.dispose();
}
