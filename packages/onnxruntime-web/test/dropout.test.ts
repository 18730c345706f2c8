import {
  dense,
  fillMask,
  float32,
  GraphBuilder,
  meanSquaredError,
  sgd,
  softmaxCrossEntropy,
  type Model,
} from '@anneal/onnx';
import { describe, expect, test } from 'vitest';
import { createTrainer, type Trainer, type TrainerOptions } from '../src/index.ts';
import { batches, random, uniform } from './mlp.ts';
import { ort } from './ort.ts';

const size = 100_000;
const mask = (ratio: number, counter: readonly number[]): Float32Array => {
  const values = new Float32Array(size);
  fillMask(values, ratio, counter);
  return values;
};
const isKept = (value: number): number => (value === 0 ? 0 : 1);

describe('a mask', () => {
  test.each([0.1, 0.5, 0.9])('keeps 1 − %f of the elements, scaled so that the mean stays', (ratio) => {
    for (let step = 0; step < 20; step++) {
      const values = mask(ratio, [3, 1, step, 0]);
      expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / (1 - ratio))]));
      const kept = values.reduce((sum, value) => sum + isKept(value), 0);
      // Five standard deviations of the binomial distribution: one in a million passes them by chance, and these 60 are fixed.
      expect(Math.abs(kept - size * (1 - ratio))).toBeLessThan(5 * Math.sqrt(size * ratio * (1 - ratio)));
    }
  });

  const base = [5, 2, 1000, 1];
  test.each<[string, number[]]>([
    ['another seed', [6, 2, 1000, 1]],
    ['a seed that differs above 2³²', [5 + 2 ** 32, 2, 1000, 1]],
    ['another layer', [5, 3, 1000, 1]],
    ['the next step', [5, 2, 1001, 1]],
    ['a step that differs above 2³²', [5, 2, 1000 + 2 ** 32, 1]],
    ['the next batch of the update', [5, 2, 1000, 2]],
  ])('is independent of that of %s, at any distance', (_, counter) => {
    const [a, b] = [mask(0.5, base), mask(0.5, counter)];
    for (const shift of [0, 1, 2, 32, 1000]) {
      let equal = 0;
      for (let i = 0; i + shift < size; i++) equal += isKept(a[i + shift]!) === isKept(b[i]!) ? 1 : 0;
      // Five standard deviations, as above.
      expect(Math.abs(equal - (size - shift) / 2)).toBeLessThan(5 * Math.sqrt(size / 4));
    }
  });

  test('shows no relation of neighbours', () => {
    const a = mask(0.5, base);
    for (const shift of [1, 2, 3, 4, 8, 16, 64, 256, 1024]) {
      let equal = 0;
      for (let i = 0; i + shift < size; i++) equal += isKept(a[i + shift]!) === isKept(a[i]!) ? 1 : 0;
      expect(Math.abs(equal - (size - shift) / 2)).toBeLessThan(5 * Math.sqrt(size / 4));
    }
  });
});

const steps = 12;
const data = batches(steps, 16, 8, 4);

/** Two layers with dropout behind each; in training mode as a file may have it. */
function model(training = false): Model {
  const draw = random(3);
  const graph = new GraphBuilder();
  const drop = (x: string, name: string, ratio: number): string => {
    const settings = [graph.parameter(`${name}.ratio`, float32([], [ratio]))];
    if (training)
      settings.push(graph.parameter(`${name}.training`, { type: 'bool', dims: [], data: Uint8Array.of(1) }));
    return graph.op('Dropout', [x, ...settings]);
  };
  const x = graph.input('x', 'float32', ['batch', 8]);
  const hidden = dense(graph, drop(x, 'drop1', 0.25), {
    name: 'fc1',
    inputs: 8,
    outputs: 12,
    weight: uniform(96, 0.8, draw),
  });
  const tail = { name: 'fc2', inputs: 12, outputs: 4, weight: uniform(48, 0.8, draw) };
  graph.output('logits', dense(graph, drop(graph.op('Tanh', [hidden]), 'drop2', 0.5), tail));
  return graph.model();
}

const make = (options: Partial<TrainerOptions> = {}, of = model()): Promise<Trainer> =>
  createTrainer(ort, of, { loss: softmaxCrossEntropy(), optimizer: sgd(), plan: 0.1, batch: data[0]!, ...options });

describe('dropout', () => {
  test('has the same bits in calls of any length, killed and resumed, and in files in training mode', async () => {
    const whole = await make({ stepsPerCall: 1, seed: 7 });
    const { losses } = await whole.run(data);
    const [first, second] = [await make({ seed: 7 }, model(true)), await make({ seed: 7 })];
    const start = await first.run(data.slice(0, 5));
    await second.load(await first.save());
    const end = await second.run(data.slice(5));
    expect([...start.losses, ...end.losses]).toEqual([...losses]);
    expect(await second.save()).toEqual(await whole.save());
    const other = await make({ seed: 8 });
    expect((await other.run(data)).losses).not.toEqual(losses);
  });

  test('is off in predictions, also of a file in training mode', async () => {
    const x = data[0]!['x']!;
    const session = await ort.InferenceSession.create(await (await make()).export());
    const { logits } = await session.run({ x: new ort.Tensor('float32', x.data as Float32Array, x.dims) });
    for (const trainer of [await make(), await make({}, model(true))]) {
      expect((await trainer.predict({ x }))['logits']!.data).toEqual(logits!.data);
      expect((await trainer.evaluate(data[0]!)).outputs['logits']!.data).toEqual(logits!.data);
    }
  });

  test('passes the gradient through the mask of the forward pass, another one for each batch of an update', async () => {
    // loss = mean of (w·mask)² over 2 × 500 elements with w = 1: the gradient of w is 2·mask²/1000.
    const graph = new GraphBuilder();
    const w = graph.parameter('w', float32([2, 500], new Float32Array(1000).fill(1)));
    const x = graph.input('x', 'float32', [1, 500]);
    graph.output('output', graph.op('Dropout', [graph.op('Mul', [graph.op('Abs', [x]), w]), graph.scalar(0.5)]));
    const ones = { data: new Float32Array(500).fill(1), dims: [1, 500] };
    const batch = { x: ones, target: { data: new Float32Array(1000), dims: [2, 500] } };
    for (const accumulate of [1, 2]) {
      const trainer = await make({ loss: meanSquaredError(), plan: 125, batch, accumulate, seed: 9 }, graph.model());
      const { losses } = await trainer.run(Array.from({ length: accumulate }, () => batch));
      const masks = Array.from({ length: accumulate }, (_, micro) => {
        const values = new Float32Array(1000);
        fillMask(values, 0.5, [9, 0, 0, micro]);
        return values;
      });
      const mean = (of: (value: number) => number, i: number): number =>
        masks.reduce((sum, values) => sum + of(values[i]!) / accumulate, 0);
      // Masks of 0 and 2 make every number here exact: 1 − 125·2·4/1000 = 0 where kept.
      expect([...trainer.parameter('w')]).toEqual(
        Array.from({ length: 1000 }, (_, i) => 1 - mean((m) => (m * m) / 4, i)),
      );
      const all = Array.from({ length: 1000 }, (_, i) => mean((m) => m * m, i));
      expect(losses[0]).toBeCloseTo(all.reduce((sum, value) => sum + value, 0) / 1000, 5);
    }
  });

  test('refuses a seed or a ratio outside its range', async () => {
    await expect(make({ seed: -1 })).rejects.toThrow('seed: it must be an integer >= 0; received -1');
    const graph = new GraphBuilder();
    const x = graph.input('x', 'float32', ['batch', 8]);
    const y = graph.op('MatMul', [x, graph.parameter('w', float32([8, 4], new Float32Array(32)))]);
    graph.output('logits', graph.op('Dropout', [y, graph.scalar(1)]));
    await expect(make({}, graph.model())).rejects.toThrow(
      'the ratio of a dropout must be a constant in [0, 1); received 1',
    );
  });
});
