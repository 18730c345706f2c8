import { cosineDecay, exponentialDecay, parsePlan, type ScheduleSpec } from '@anneal/core';
import { quadraticRisk } from '@anneal/foresight';
import { expect, test } from 'vitest';
import { backendNamed } from '../../learners/backendNamed.ts';
import { runTrial } from '../../trials/runTrial.ts';
import { createSetup } from '../../trials/setup.ts';
import { quadratic, spectrum } from './quadratic.ts';

const steps = 200;
const seeds = 24;

test.each<[string, ScheduleSpec, number]>([
  ['constant', { type: 'constant', value: 0.3 }, 0],
  ['cosine', cosineDecay({ initValue: 0.5, decaySteps: steps }).spec, 0],
  ['exponential', exponentialDecay({ initValue: 0.5, gamma: 0.05, decaySteps: steps }).spec, 0],
  ['cosine with momentum', cosineDecay({ initValue: 0.05, decaySteps: steps }).spec, 0.9],
])('the measured risk under %s is the exact one', async (_, schedule, momentum) => {
  const optimizer = momentum > 0 ? { name: 'momentum', momentum } : { name: 'sgd' };
  const sums = new Map<number, number[]>();
  for (let seed = 1; seed <= seeds; seed += 1) {
    const setup = await createSetup({
      label: 'risk',
      task: 'quadratic',
      backend: 'onnxruntime-web',
      optimizer,
      schedule,
      batchSize: 1,
      seed,
      budget: { updates: steps },
      patience: null,
      validateEvery: 50,
    });
    const learner = await backendNamed('onnxruntime-web').open(setup);
    const { curve } = await runTrial(setup, learner);
    await learner.dispose();
    for (const { step, measured } of curve) {
      if (measured['excessRisk'] !== undefined) sums.set(step, [...(sums.get(step) ?? []), measured['excessRisk']!]);
    }
  }
  const plan = parsePlan(schedule).learningRate as (step: number) => number;
  const { risk } = quadraticRisk(plan, { steps, spectrum, momentum });
  expect([...sums.keys()]).toEqual([0, 50, 100, 150, 200]);
  for (const [step, values] of sums) {
    const mean = values.reduce((sum, value) => sum + value, 0) / seeds;
    const error = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (seeds - 1) / seeds);
    // The interval of five standard errors; at step 0 every seed has the same risk, but for float32.
    expect(Math.abs(mean - risk[step]!)).toBeLessThan(5 * error + 1e-6 * risk[step]!);
  }
});

test('noise follows from seed and step, with the eigenvalues as variances', async () => {
  const source = await quadratic.open({ seed: 3, batchSize: 4000 });
  const batch = await source.batch(11, () => Promise.reject(new Error('nobody acts')));
  expect(
    await (await quadratic.open({ seed: 3, batchSize: 4000 })).batch(11, () => Promise.reject(new Error())),
  ).toEqual(batch);
  const data = batch['noise']!.data as Float32Array;
  for (const [i, lambda] of spectrum.entries()) {
    let square = 0;
    for (let example = 0; example < 4000; example += 1) square += data[example * spectrum.length + i]! ** 2;
    // A mean of 4,000 squares is within five deviations, √(2/4000) each.
    expect(Math.abs(square / 4000 / lambda - 1)).toBeLessThan(5 * Math.sqrt(2 / 4000));
  }
});
