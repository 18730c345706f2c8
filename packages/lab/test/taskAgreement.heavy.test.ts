import process from 'node:process';
import { cosineDecay, warmup } from '@anneal/core';
import { parameterNames, type Model as OnnxModel, type Tensor } from '@anneal/onnx';
import { expect, test, vi } from 'vitest';
import type { Batch } from '../src/data/tensor.ts';
import { LabError } from '../src/labError.ts';
import type { Backend } from '../src/learners/backend.ts';
import { backendName } from '../src/learners/backendName.ts';
import { backends } from '../src/learners/backendNamed.ts';
import { recipeNamed } from '../src/optimizers/recipeNamed.ts';
import { taskNamed, taskNames } from '../src/tasks/taskNamed.ts';
import type { Task } from '../src/tasks/task.ts';
import { createSetup, type Setup } from '../src/trials/setup.ts';

// Some hundred updates of each task on each backend, plain JavaScript among them.
vi.setConfig({ testTimeout: 900_000 });

const updates = 100;
/** On a backend on which all updates would take longer, ms, fewer of them are made. */
const longest = 60_000;
const some = 15;
const moves = 6;
const reference = backendName('onnxruntime-web');

/** The backends that run in Node. */
const here: readonly Backend[] = Object.values(backends).filter(({ device }) => device === 'wasm' || device === 'cpu');

/**
 * Two backends that compute the same mathematics differ by rounding alone, and training magnifies what differs: 20 times what moving one weight
 * by one unit in the last place has done by then on one of them is allowed, and 1e-6 of the loss where that is little (see agreement.test.ts, which
 * holds every optimizer to it on `digits`). What a task lacks on a backend is a sentence that names it.
 */
test.each(taskNames)('%s is the same mathematics on every backend over its first updates', async (name) => {
  const task = await taskNamed(name);
  const setup = await setupOf(task, task.model.graph(1)).catch((error: unknown) => {
    if (error instanceof LabError && error.code === 'missing') return error;
    throw error;
  });
  if (setup instanceof LabError) return say(`${setup.message}: not tried`);

  const { losses, batches } = await trained(setup, reference);
  const scale = losses.every((loss) => loss > 0) ? losses : losses.map(() => Math.max(...losses.map(Math.abs)));
  const apart = (others: readonly number[]): readonly number[] =>
    others.map((other, t) => Math.abs(other - losses[t]!) / scale[t]!);

  let effects: readonly number[] = losses.map(() => 0);
  for (let i = 0; i < moves; i += 1) {
    const moved = await setupOf(task, oneMoved(task.model.graph(1), (i + 0.5) / moves));
    const effect = upTo(apart((await trained(moved, reference, batches)).losses));
    effects = effects.map((most, t) => Math.max(most, effect[t]!));
  }
  // Where a choice flips (the largest of four pixels), or a policy learns from what another one did, training is chaos, and says nothing more.
  const chaos = effects.findIndex((effect) => effect > 1e-4);
  const compared = chaos < 0 ? updates : chaos;
  expect(compared).toBeGreaterThanOrEqual(30);

  for (const one of here) {
    const backend = one.name;
    if (backend === reference) continue;
    const lack = await one.lacks(task, await recipeNamed(task.defaults.optimizer));
    if (lack !== undefined) {
      expect(lack).toMatch(/operator .* \(node ".*"\)|lacks/);
      say(`${name}: ${lack}`);
      continue;
    }
    const { losses: theirs } = await trained(setup, backend, batches.slice(0, compared));
    const found = upTo(apart(theirs));
    const [most, allowed] = [found.at(-1)!, Math.max(20 * effects[theirs.length - 1]!, 1e-6)];
    say(
      `${name} on ${backend}: ${most.toExponential(1)} apart in ${theirs.length} updates, ${allowed.toExponential(1)} allowed`,
    );
    found.forEach((value, t) =>
      expect(value, `${backend}, update ${t}`).toBeLessThanOrEqual(Math.max(20 * effects[t]!, 1e-6)),
    );
  }
});

/** The largest until each place. */
const upTo = (values: readonly number[]): readonly number[] => {
  let most = 0;
  return values.map((value) => (most = Math.max(most, value)));
};

const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`);

/** The task's own optimizer at its own rate, after a short warm-up. */
async function setupOf(task: Task, graph: OnnxModel): Promise<Setup> {
  const { optimizer, batchSize } = task.defaults;
  const peak = task.defaults.peakRate(optimizer);
  return createSetup(
    {
      label: 'agreement',
      task: task.name,
      backend: reference,
      optimizer: { name: optimizer },
      schedule: warmup({ warmupSteps: 10, schedule: cosineDecay({ initValue: peak, decaySteps: updates - 10 }) }).spec,
      batchSize,
      seed: 1,
      budget: { updates },
      patience: null,
    },
    { task: () => ({ ...task, model: { ...task.model, graph: () => graph } }) },
  );
}

/** Losses of the updates; without batches the source makes them, an environment by the policy that is trained. */
async function trained(
  setup: Setup,
  backend: string,
  given?: readonly Batch[],
): Promise<{ losses: number[]; batches: Batch[] }> {
  const learner = await backends[backend]!.open({ ...setup, trial: { ...setup.trial, backend } });
  const losses: number[] = [];
  const batches: Batch[] = [];
  const started = performance.now();
  for (let step = 0; step < (given?.length ?? updates); step += 1) {
    // Plain JavaScript takes seconds for an update of a transformer: some are enough of it.
    if (step === some && ((performance.now() - started) / some) * updates > longest) break;
    const batch = given?.[step] ?? (await setup.source.batch(step, learner.predict));
    const result = await learner.train([batch]);
    expect(result.stopped, `${backend} ${step}`).toBeNull();
    losses.push(...result.losses);
    batches.push(structuredClone(batch));
  }
  await learner.dispose();
  return { losses, batches };
}

/** The graph, with the weight that stands at a share of all that are trained moved to the next float32 away from zero. */
function oneMoved(model: OnnxModel, share: number): OnnxModel {
  const initializers = new Map(model.graph.initializers);
  const weights = parameterNames(model.graph).map((name) => [name, initializers.get(name) as Tensor] as const);
  let at = Math.floor(share * weights.reduce((sum, [, { data }]) => sum + data.length, 0));
  for (const [name, tensor] of weights) {
    if (at < tensor.data.length) {
      const moved = Float32Array.from(tensor.data as Float32Array);
      new Int32Array(moved.buffer)[at]! += 1;
      initializers.set(name, { ...tensor, data: moved });
      break;
    }
    at -= tensor.data.length;
  }
  return { ...model, graph: { ...model.graph, initializers } };
}
