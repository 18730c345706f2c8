import { readModel } from '@anneal/onnx';
import { expect, test } from 'vitest';

// The pages show these files; what a page says of them is what is asserted here.

test('a schedule is a function and data', async () => {
  const { values, json } = await import('./schedule.ts');
  expect(values.map((value) => Number(value.toPrecision(4)))).toEqual([0.0009901, 0.0505, 0.1, 0.05, 0]);
  expect(JSON.parse(json)).toEqual({
    type: 'warmup',
    warmupSteps: 100,
    schedule: { type: 'cosineDecay', initValue: 0.1, decaySteps: 900 },
  });
});

test('a file fits the run that it is read for', async () => {
  const { first, atPeak } = await import('./parse.ts');
  expect(first).toEqual({ learningRate: 0.1 / 101, momentum: 0.9 });
  expect(atPeak).toEqual({ learningRate: 0.1, momentum: 0.9 });
});

test('a controller begins where its window does', async () => {
  const { rates } = await import('./plateau.ts');
  expect(rates.slice(0, 7).map((rate) => Number(rate.toPrecision(3)))).toEqual([0.02, 0.04, 0.06, 0.08, 0.1, 0.1, 0.1]);
  expect(rates.slice(7)).toEqual([0.05, 0.05, 0.05]);
});

test('TensorFlow.js fits a line under a schedule', async () => {
  const { step, finalLoss } = await import('./tfjs.ts');
  expect(step).toBe(100);
  expect(finalLoss).toBeLessThan(1e-3);
});

test('onnxruntime-web fits the same line', async () => {
  const { rates, finalLoss, weight } = await import('./onnxruntime-web.ts');
  expect(rates).toEqual([0.1, 0.05].map(Math.fround));
  expect(finalLoss).toBeLessThan(1e-3);
  expect(weight[0]).toBeCloseTo(3, 1);
});

test('a pretrained model learns a new task layer by layer', async () => {
  const { joined, losses, file } = await import('./finetuning.ts');
  expect(joined).toEqual(['layer1.dense.weight', 'layer1.dense.bias', 'layer1.norm.weight', 'layer1.norm.bias']);
  expect(losses.headOnly).toBeLessThan(Math.log(3));
  expect(losses.all).toBeLessThan(losses.headOnly / 2);
  const { initializers } = readModel(file).graph;
  expect([...initializers.keys()].filter((name) => name.includes('running'))).toHaveLength(4);
});
