import { cosineDecay, createScheduler, type Plan } from '@anneal/core';
import { adamW, momentum, softmaxCrossEntropy, type Optimizer } from '@anneal/onnx';
import { writeSafetensors } from '@anneal/safetensors';
import { describe, expect, test } from 'vitest';
import { createTrainer, TrainerError, type Batch, type Trainer, type TrainerOptions } from '../src/index.ts';
import { readFloat32File } from './float32File.ts';
import { batches, mlp } from './mlp.ts';
import { ort } from './ort.ts';

const [width, hidden, classes, rows, steps, at] = [6, 5, 3, 8, 24, 9];
const data = batches(steps, rows, width, classes);
const plan: Plan = {
  learningRate: cosineDecay({ initValue: 0.05, decaySteps: steps }),
  weightDecay: 0.1,
  groups: { top: { learningRate: cosineDecay({ initValue: 0.02, decaySteps: steps }) } },
};
const groups = { top: /^fc1/ };
const make = (options: Partial<TrainerOptions> = {}): Promise<Trainer> =>
  createTrainer(ort, mlp([width, hidden, classes]), {
    loss: softmaxCrossEntropy(),
    optimizer: adamW(),
    plan,
    groups,
    trainable: /^fc2/,
    batch: data[0]!,
    ...options,
  });

type Weights = Record<string, Float64Array>;
const start = (): Weights =>
  Object.fromEntries(
    [...mlp([width, hidden, classes]).graph.initializers].map(([name, tensor]) => [
      name,
      Float64Array.from(tensor.data as Float32Array),
    ]),
  );

/** The gradient of the mean cross entropy of relu(x·W₁ + b₁)·W₂ + b₂, in double precision. */
function gradientsAt(w: Weights, batch: Batch): Weights {
  const g = Object.fromEntries(Object.entries(w).map(([name, values]) => [name, new Float64Array(values.length)]));
  const x = batch['x']!.data as Float32Array;
  for (let row = 0; row < rows; row++) {
    const h = Array.from({ length: hidden }, (_, j) => {
      let sum = w['fc1.bias']![j]!;
      for (let k = 0; k < width; k++) sum += x[row * width + k]! * w['fc1.weight']![k * hidden + j]!;
      return Math.max(sum, 0);
    });
    const exps = Array.from({ length: classes }, (_, c) => {
      return Math.exp(
        h.reduce((sum, value, j) => sum + value * w['fc2.weight']![j * classes + c]!, w['fc2.bias']![c]!),
      );
    });
    const total = exps.reduce((a, b) => a + b);
    const d = exps.map((value, c) => (value / total - Number(c === (batch['labels']!.data as Int32Array)[row])) / rows);
    d.forEach((value, c) => {
      g['fc2.bias']![c]! += value;
      for (let j = 0; j < hidden; j++) g['fc2.weight']![j * classes + c]! += value * h[j]!;
    });
    for (let j = 0; j < hidden; j++) {
      if (h[j] === 0) continue;
      const back = d.reduce((sum, value, c) => sum + value * w['fc2.weight']![j * classes + c]!, 0);
      g['fc1.bias']![j]! += back;
      for (let k = 0; k < width; k++) g['fc1.weight']![k * hidden + j]! += back * x[row * width + k]!;
    }
  }
  return g;
}

/** One step of PyTorch's AdamW for one parameter, which counts its own steps from the update in which it is first given one. */
function adamWStep(
  w: Float64Array,
  g: Float64Array,
  state: { t: number; m: Float64Array; v: Float64Array },
  rate: number,
): void {
  state.t++;
  w.forEach((value, i) => {
    state.m[i] = 0.9 * state.m[i]! + 0.1 * g[i]!;
    state.v[i] = 0.999 * state.v[i]! + 0.001 * g[i]! ** 2;
    const [mHat, vHat] = [state.m[i] / (1 - 0.9 ** state.t), state.v[i] / (1 - 0.999 ** state.t)];
    w[i] = value * (1 - rate * 0.1) - (rate * mHat) / (Math.sqrt(vHat) + 1e-8);
  });
}

describe('unfreeze', () => {
  test('trains more from then on as PyTorch does with parameters added to an optimizer, at the rates of their group', async () => {
    const trainer = await make();
    const before = trainer.parameters;
    expect(before).toEqual(['fc2.weight', 'fc2.bias']);
    await trainer.run(data.slice(0, at));
    expect(await trainer.unfreeze(/./)).toEqual(['fc1.weight', 'fc1.bias']);
    expect(trainer.parameters).toEqual([...before, 'fc1.weight', 'fc1.bias']);
    // Frozen until now: the very bits of the file.
    const initial = start();
    expect([...trainer.parameter('fc1.weight')]).toEqual([...initial['fc1.weight']!]);
    await trainer.run(data.slice(at));

    const w = start();
    const states = Object.fromEntries(
      Object.entries(w).map(([name, { length }]) => [
        name,
        { t: 0, m: new Float64Array(length), v: new Float64Array(length) },
      ]),
    );
    data.forEach((batch, step) => {
      const values = createScheduler(plan).values(step);
      const g = gradientsAt(w, batch);
      for (const name of step < at ? before : Object.keys(w)) {
        const rate = name.startsWith('fc1') ? values.groups!['top']!.learningRate : values.learningRate;
        adamWStep(w[name]!, g[name]!, states[name]!, rate);
      }
    });
    for (const [name, values] of Object.entries(w)) {
      const found = trainer.parameter(name);
      // 24 updates of Adam, each passing on the rounding of a few float32 operations on numbers near 1 (as in optimizers.test.ts).
      values.forEach((value, i) => expect(Math.abs(value - found[i]!)).toBeLessThan(1e-5));
      expect(Math.max(...values.map((value, i) => Math.abs(value - initial[name]![i]!)))).toBeGreaterThan(1e-2);
    }
  });

  test.each<[string, () => Optimizer]>([
    ['adamW', adamW],
    ['momentum', momentum],
  ])(
    '%s: keeps every value that there was, and a checkpoint goes on from any side of it with the same bits',
    async (_, optimizer) => {
      const options = { optimizer: optimizer(), average: { decay: 0.9 } };
      const trainer = await make(options);
      await trainer.run(data.slice(0, at));
      const frozen = await trainer.save();
      await trainer.unfreeze(['fc1.weight']);
      await trainer.unfreeze(/bias/);
      const unfrozen = await trainer.save();
      const [a, b] = [readFloat32File(frozen).tensors, readFloat32File(unfrozen).tensors];
      for (const [name, tensor] of a) expect(b.get(name)).toEqual(tensor);
      for (const [name, { data: values }] of b) {
        if (!a.has(name) && (name.startsWith('optimizer/') || name.startsWith('average/')))
          expect(values.every((value) => value === 0)).toBe(true);
      }
      await trainer.run(data.slice(at));
      const end = await trainer.save();

      const [late, early] = [await make(options), await make({ ...options, stepsPerCall: 1 })];
      await late.load(unfrozen);
      expect(late.parameters).toEqual(trainer.parameters);
      await late.run(data.slice(at, at + 7));
      const resumed = await make(options);
      await resumed.load(await late.save());
      await resumed.run(data.slice(at + 7));
      expect(await resumed.save()).toEqual(end);

      await early.load(end);
      await early.load(frozen);
      expect(early.parameters).toEqual(['fc2.weight', 'fc2.bias']);
      await early.unfreeze(['fc1.weight']);
      await early.unfreeze(/bias/);
      await early.run(data.slice(at));
      expect(await early.save()).toEqual(end);
    },
  );

  test('joins an average when it is first trained', async () => {
    const trainer = await make({ average: {} });
    await trainer.run(data.slice(0, at));
    await trainer.unfreeze(/^fc1/);
    expect(trainer.parameter('fc1.bias', { weights: 'average' })).toEqual(trainer.parameter('fc1.bias'));
    await trainer.run(data.slice(at, at + 1));
    const first = trainer.parameter('fc1.bias');
    expect(trainer.parameter('fc1.bias', { weights: 'average' })).toEqual(first);
    await trainer.run(data.slice(at + 1, at + 2));
    const second = trainer.parameter('fc1.bias');
    trainer.parameter('fc1.bias', { weights: 'average' }).forEach((value, i) => {
      // The mean of two, rounded twice.
      expect(Math.abs(value - (first[i]! + second[i]!) / 2)).toBeLessThan(1.2e-7);
    });
  });

  test('may be called within a run, between two calls of the runtime', async () => {
    const trainer = await make({ stepsPerCall: 3 });
    let waiting: Promise<unknown> | undefined;
    await trainer.run(data, {
      onStep: ({ step, applied }) => {
        if (step === at - 1) waiting = trainer.unfreeze(/^fc1/);
        expect('top' in (applied.groups ?? {})).toBe(step >= at);
      },
    });
    await waiting;
    const expected = await make();
    await expected.run(data.slice(0, at));
    await expected.unfreeze(/^fc1/);
    await expected.run(data.slice(at));
    expect(await trainer.save()).toEqual(await expected.save());
  });

  test('refuses what it cannot train, and changes nothing', async () => {
    const trainer = await make();
    await trainer.run(data.slice(0, 3));
    const before = await trainer.save();
    await expect(trainer.unfreeze(/^fc2/)).rejects.toThrow('unfreeze: nothing is trained by it');
    await expect(trainer.unfreeze(['fc1.weight', 'fc9'])).rejects.toThrow('"fc9"');
    expect(await trainer.save()).toEqual(before);
    const all = await make({ trainable: /./ });
    await expect(trainer.load(await all.save())).rejects.toThrow(
      'fc1.weight: the checkpoint trains this from its first update',
    );
    expect(await trainer.save()).toEqual(before);
  });

  test.each<[string, (cohorts: { since: number; parameters: string[] }[]) => unknown, string]>([
    ['no cohorts', () => undefined, 'it holds no training state of version 1'],
    ['cohorts that are no list of names', ([first]) => [first, { since: 3, parameters: 'fc1.bias' }], 'of version 1'],
    [
      'a parameter that the model lacks',
      ([first]) => [first, { since: 3, parameters: ['fc9'] }],
      'fc9: the checkpoint',
    ],
    ['a cohort of the future', ([first]) => [first, { since: 4, parameters: ['fc1.bias'] }], 'begins at step 4'],
    ['a first cohort that lacks one', ([first]) => [{ ...first, parameters: ['fc2.bias'] }], 'fc2.weight: the trainer'],
    ['a cohort without its tensors', ([first]) => [first, { since: 3, parameters: ['fc1.bias'] }], 'lacks this tensor'],
  ])('refuses a checkpoint with %s, and changes nothing', async (_, tamper, message) => {
    const trainer = await make();
    await trainer.run(data.slice(0, 3));
    const before = await trainer.save();
    const { tensors, metadata } = readFloat32File(before);
    const state = JSON.parse(metadata.get('anneal')!) as { cohorts: { since: number; parameters: string[] }[] };
    const anneal = JSON.stringify({ ...state, cohorts: tamper(state.cohorts) });
    const error: unknown = await trainer
      .load(writeSafetensors({ tensors, metadata: new Map([['anneal', anneal]]) }))
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TrainerError);
    expect(error).toMatchObject({ code: 'checkpoint', message: expect.stringContaining(message) as string });
    expect(await trainer.save()).toEqual(before);
  });

  test('leaves a group that matches nothing in the model an error', async () => {
    await expect(make({ groups: { top: /^fc9/ } })).rejects.toThrow('the group gets no parameter');
  });
});
