import process from 'node:process';
import { cosineDecay, warmup } from '@anneal/core';
import { expect, test } from 'vitest';
import { LabError } from '../src/labError.ts';
import { backendNamed } from '../src/learners/backendNamed.ts';
import { taskNamed, taskNames } from '../src/tasks/taskNamed.ts';
import { runTrial } from '../src/trials/runTrial.ts';
import { createSetup } from '../src/trials/setup.ts';

/** Updates after which every task has learned something. */
const updates = 60;

test.each(taskNames)('%s is learned: its judge is better after a few updates', async (name) => {
  const task = await taskNamed(name);
  const { optimizer, batchSize } = task.defaults;
  const peak = task.defaults.peakRate(optimizer);
  try {
    const setup = await createSetup({
      label: 'learned',
      task: name,
      backend: 'onnxruntime-web',
      optimizer: { name: optimizer },
      schedule: warmup({
        warmupSteps: 0.1 * updates,
        schedule: cosineDecay({ initValue: peak, decaySteps: 0.9 * updates }),
      }).spec,
      batchSize,
      seed: 1,
      budget: { updates },
      patience: null,
      validateEvery: updates,
    });
    const learner = await backendNamed('onnxruntime-web').open(setup);
    const { curve, ended } = await runTrial(setup, learner);
    await learner.dispose();
    const [judge] = task.metrics;
    const looks = curve.filter(({ split }) => split === 'validation').map(({ measured }) => measured[judge.name]!);
    expect(ended).toBe('completed');
    expect(looks.length).toBe(2);
    expect((looks[1]! - looks[0]!) * (judge.goal === 'max' ? 1 : -1)).toBeGreaterThan(0);
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'missing') throw error;
    process.stdout.write(`${error.message}: not tried\n`);
  }
});
