import { describe, expect, test } from 'vitest';
import type { Batch } from '../data/tensor.ts';
import { LabError } from '../labError.ts';
import { recipeNamed } from '../optimizers/recipeNamed.ts';
import { recipeLoaders } from '../optimizers/optimizers.gen.ts';
import type { Source } from './source.ts';
import { taskNamed, taskNames } from './taskNamed.ts';

const tasks = await Promise.all(taskNames.map(taskNamed));
const nobody = () => Promise.reject(new Error('nobody acts'));
const opened = async (open: () => Source | Promise<Source>): Promise<Source | undefined> => {
  try {
    return await open();
  } catch (error) {
    // Data that are not installed here.
    if (error instanceof LabError && error.code === 'missing') return undefined;
    throw error;
  }
};

describe.each(tasks.map((task) => [task.name, task] as const))('the task %s', (name, task) => {
  test('has the name under which it is found, a line and a sentence for people, defaults that exist', async () => {
    expect(taskNames).toContain(name);
    expect(task.description).not.toMatch(/\n|\.$/);
    expect(task.note).toMatch(/^[A-Z].*\.$/);
    expect((await recipeNamed(task.defaults.optimizer)).name).toBe(task.defaults.optimizer);
    for (const optimizer of Object.keys(recipeLoaders)) expect(task.defaults.peakRate(optimizer)).toBeGreaterThan(0);
  });

  test('draws its weights from the seed', () => {
    const weights = (seed: number) =>
      [...task.model.graph(seed).graph.initializers].map(([key, { data }]) => [key, data]);
    expect(weights(5)).toEqual(weights(5));
    expect(weights(6)).not.toEqual(weights(5));
  });

  test('gives the batch of any step in any order, of one shape, from seed and step', async () => {
    const run = { seed: 4, batchSize: task.defaults.batchSize };
    const source = await opened(() => task.open(run));
    if (source === undefined || source.example !== undefined) return;
    const again = await task.open(run);
    const dims = (batch: Batch) => Object.entries(batch).map(([key, tensor]) => [key, tensor.dims]);
    const first = await source.batch(0, nobody);
    for (const step of [2, source.stepsPerEpoch, 1]) {
      const batch = await source.batch(step, nobody);
      expect(await again.batch(step, nobody)).toEqual(batch);
      expect(dims(batch)).toEqual(dims(first));
    }
    const other = await task.open({ ...run, seed: 5 });
    expect(await other.batch(0, nobody)).not.toEqual(first);
  });
});
