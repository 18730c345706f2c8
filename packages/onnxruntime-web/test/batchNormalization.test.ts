import { cosineDecay } from '@anneal/core';
import { float, float32, GraphBuilder, meanSquaredError, readModel, sgd, type Model } from '@anneal/onnx';
import { describe, expect, test } from 'vitest';
import { createTrainer, type Batch, type Trainer, type TrainerOptions } from '../src/index.ts';
import { random, uniform } from './mlp.ts';
import { ort } from './ort.ts';

const [rows, inputs, channels, length, steps] = [4, 3, 4, 5, 12];
const next = random(11);
const initial = {
  w: uniform(channels * inputs, 1, next),
  scale: uniform(channels, 1, next).map((value) => value + 1.5),
  bias: uniform(channels, 1, next),
  mean: uniform(channels, 1, next),
  variance: uniform(channels, 1, next).map((value) => value + 1.5),
};
const data = Array.from({ length: steps }, (): Batch => {
  return {
    x: { data: uniform(rows * inputs * length, 2, next), dims: [rows, inputs, length] },
    target: { data: uniform(rows * channels * length, 1, next), dims: [rows, channels, length] },
  };
});
const plan = cosineDecay({ initValue: 0.5, decaySteps: steps });
const momentum = 0.9;

/** relu(BatchNormalization(w·x)) */
function model(attributes = {}): Model {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', ['batch', inputs, length]);
  const y = graph.op('MatMul', [graph.parameter('w', float32([channels, inputs], initial.w)), x]);
  const ofBn = (['scale', 'bias', 'mean', 'variance'] as const).map((name) =>
    graph.parameter(`bn.${name}`, float32([channels], initial[name])),
  );
  const [normalized] = graph.ops('BatchNormalization', [y, ...ofBn], 'training_mode' in attributes ? 3 : 1, attributes);
  graph.output('output', graph.op('Relu', [normalized as string]));
  return graph.model();
}

const make = (options: Partial<TrainerOptions> = {}, of = model()): Promise<Trainer> =>
  createTrainer(ort, of, { loss: meanSquaredError(), optimizer: sgd(), plan, batch: data[0]!, ...options });

type Values = Record<keyof typeof initial, Float64Array>;

/** What PyTorch's BatchNorm computes in double precision: with running statistics, or those of the batch; the loss, and what it observed. */
function forward(at: Values, batch: Batch, statistics: 'batch' | 'running') {
  const [x, target] = [batch['x']!.data as Float32Array, batch['target']!.data as Float32Array];
  const n = rows * length;
  const observed = { mean: new Float64Array(channels), variance: new Float64Array(channels) };
  const output = new Float64Array(rows * channels * length);
  let loss = 0;
  for (let c = 0; c < channels; c++) {
    const z = Array.from({ length: n }, (_, i) => {
      const [row, l] = [Math.floor(i / length), i % length];
      let sum = 0;
      for (let k = 0; k < inputs; k++) sum += at.w[c * inputs + k]! * x[(row * inputs + k) * length + l]!;
      return sum;
    });
    const mean = z.reduce((sum, value) => sum + value, 0) / n;
    const squares = z.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    observed.mean[c] = mean;
    observed.variance[c] = squares / (n - 1);
    const [mu, variance] = statistics === 'batch' ? [mean, squares / n] : [at.mean[c]!, at.variance[c]!];
    z.forEach((value, i) => {
      const y = ((value - mu) / Math.sqrt(variance + 1e-5)) * at.scale[c]! + at.bias[c]!;
      const place = (Math.floor(i / length) * channels + c) * length + (i % length);
      output[place] = Math.max(y, 0);
      loss += (output[place] - target[place]!) ** 2 / (n * channels);
    });
  }
  return { loss, output, observed };
}

interface Phase {
  readonly statistics: 'batch' | 'running';
  readonly trained: readonly string[];
}
const all: Phase = { statistics: 'batch', trained: ['w', 'scale', 'bias'] };

/** SGD on central differences of the double precision loss; each batch of an update moves the running statistics in turn. */
function reference(accumulate = 1, phase: (step: number) => Phase = () => all): Values {
  const at = Object.fromEntries(
    Object.entries(initial).map(([name, values]) => [name, Float64Array.from(values)]),
  ) as Values;
  for (let step = 0; step < steps / accumulate; step++) {
    const { statistics, trained } = phase(step);
    const micro = data.slice(step * accumulate, (step + 1) * accumulate);
    const gradient = (values: Float64Array, i: number): number => {
      const [value, h] = [values[i]!, 1e-6];
      const loss = (moved: number): number => {
        values[i] = moved;
        return micro.reduce((sum, batch) => sum + forward(at, batch, statistics).loss, 0) / accumulate;
      };
      const difference = (loss(value + h) - loss(value - h)) / (2 * h);
      values[i] = value;
      return difference;
    };
    const gradients = trained.map((name) => {
      const values = at[name as keyof Values];
      return values.map((_, i) => gradient(values, i));
    });
    if (statistics === 'batch') {
      for (const batch of micro) {
        const { observed } = forward(at, batch, 'batch');
        for (const name of ['mean', 'variance'] as const)
          at[name].forEach((value, i) => (at[name][i] = momentum * value + (1 - momentum) * observed[name][i]!));
      }
    }
    trained.forEach((name, k) => {
      const values = at[name as keyof Values];
      values.forEach((value, i) => (values[i] = value - plan(step) * gradients[k]![i]!));
    });
  }
  return at;
}

const nameOf = (name: string): string => (name === 'w' ? name : `bn.${name}`);
/** Float32 rounds values near 1 by 6e-8 a few times in each of 12 updates; the differences are good to 1e-9. */
const tolerance = 2e-6;

function expectClose(found: ArrayLike<number>, expected: Float64Array): void {
  expected.forEach((value, i) => expect(Math.abs(found[i]! - value)).toBeLessThan(tolerance));
}

describe('batch normalisation that is trained', () => {
  test.each([1, 3])('agrees with PyTorch’s formulas in double precision, %i batches per update', async (accumulate) => {
    const trainer = await make({ accumulate });
    expect(trainer.parameters).toEqual(['w', 'bn.scale', 'bn.bias']);
    await trainer.run(data);
    const expected = reference(accumulate);
    for (const name of Object.keys(initial) as (keyof Values)[])
      expectClose(trainer.parameter(nameOf(name)), expected[name]);
    // The running statistics moved, and prediction uses them.
    expect(Math.abs(expected.mean[0]! - initial.mean[0]!)).toBeGreaterThan(0.05);
    const { loss, outputs } = await trainer.evaluate(data[0]!);
    const predicted = forward(expected, data[0]!, 'running');
    expect(loss).toBeCloseTo(predicted.loss, 5);
    expectClose(outputs['output']!.data as Float32Array, predicted.output);
    // So does the exported file.
    const bytes = await trainer.export();
    expect(readModel(bytes).graph.initializers.get('bn.variance')!.data).toEqual(trainer.parameter('bn.variance'));
    const session = await ort.InferenceSession.create(bytes);
    const x = data[0]!['x']!;
    const { output } = await session.run({ x: new ort.Tensor('float32', x.data as Float32Array, x.dims) });
    expect(output!.data).toEqual(outputs['output']!.data);
  });

  test('gives the same bits in calls of any length, and killed and resumed', async () => {
    const [a, b, c] = [await make({ stepsPerCall: 1 }), await make(), await make()];
    await a.run(data);
    await b.run(data.slice(0, 5));
    await c.load(await b.save());
    await c.run(data.slice(5));
    expect(await c.save()).toEqual(await a.save());
  });

  test('has its statistics taken back with an update that broke the weights', async () => {
    const trainer = await make({ plan: (step: number) => (step < 7 ? 0.1 : 3e38) });
    const far = { data: new Float32Array(rows * channels * length).fill(1e3), dims: [rows, channels, length] };
    const broken = data.map((batch, step) => (step === 7 ? { ...batch, target: far } : batch));
    const { stopped, updates } = await trainer.run(broken);
    expect({ stopped, updates }).toEqual({ stopped: 'diverged', updates: 7 });
    const expected = await make({ plan: 0.1 });
    await expected.run(data.slice(0, 7));
    expect(trainer.parameter('bn.mean')).toEqual(expected.parameter('bn.mean'));
    expect(trainer.parameter('w')).toEqual(expected.parameter('w'));
  });

  test('is the same from a file that was exported in training mode', async () => {
    const training = await make({}, model({ training_mode: 1, momentum: float(0.9) }));
    const plain = await make();
    await training.run(data);
    await plain.run(data);
    expect(await training.save()).toEqual(await plain.save());
    expect((await training.predict({ x: data[0]!['x']! }))['output']).toEqual(
      (await plain.predict({ x: data[0]!['x']! }))['output'],
    );
  });

  test('keeps statistics of its own where the file has one tensor for those of all layers and their biases', async () => {
    const of = (merged: boolean): Model => {
      const graph = new GraphBuilder();
      const tensor = (name: string, value: number): string =>
        merged && graph.has(`all ${value}`)
          ? graph.op('Identity', [`all ${value}`])
          : graph.parameter(merged ? `all ${value}` : name, float32([inputs], Array<number>(inputs).fill(value)));
      const layer = (x: string, name: string): string => {
        const [scale, bias] = [`${name}.scale`, `${name}.bias`].map((one, i) =>
          graph.parameter(one, float32([inputs], [1 - i, 1 - i, 1 - i])),
        ) as [string, string];
        const ofBn = [scale, merged ? tensor(bias, 0) : bias, tensor(`${name}.mean`, 0), tensor(`${name}.var`, 1)];
        return graph.op('BatchNormalization', [x, ...ofBn], {}, name);
      };
      const first = layer(graph.input('x', 'float32', [rows, inputs, length]), 'bn1');
      graph.output('output', layer(graph.op('Sigmoid', [first]), 'bn2'));
      return graph.model();
    };
    const batch = { x: data[0]!['x']!, target: data[0]!['x']! };
    const trainable = /scale/;
    const [merged, apart] = [await make({ batch, trainable }, of(true)), await make({ batch, trainable }, of(false))];
    expect((await merged.run([batch, batch])).losses).toEqual((await apart.run([batch, batch])).losses);
    const exported = readModel(await merged.export()).graph.initializers;
    for (const name of ['bn1', 'bn2']) {
      expect(exported.get(`${name}/running_mean`)!.data).toEqual(apart.parameter(`${name}.mean`));
      expect(exported.get(`${name}/running_var`)!.data).toEqual(apart.parameter(`${name}.var`));
    }
    expect(exported.get('all 0')!.data).toEqual(new Float32Array(inputs));
  });

  test('refuses batches that have one element per channel', async () => {
    const graph = new GraphBuilder();
    const x = graph.input('x', 'float32', ['batch', 2]);
    const values = ['scale', 'bias', 'mean', 'variance'].map((name) => graph.parameter(name, float32([2], [1, 1])));
    graph.output('output', graph.op('BatchNormalization', [x, ...values]));
    await expect(make({ batch: { x: { dims: [1, 2] }, target: { dims: [1, 2] } } }, graph.model())).rejects.toThrow(
      'training needs more than one element per channel; received [1, 2]',
    );
  });

  test('begins to use the statistics of batches when it is unfrozen', async () => {
    const trainer = await make({ trainable: ['w'] });
    await trainer.run(data.slice(0, 5));
    await trainer.unfreeze(/^bn/);
    await trainer.run(data.slice(5));
    const expected = reference(1, (step) => (step < 5 ? { statistics: 'running', trained: ['w'] } : all));
    for (const name of Object.keys(initial) as (keyof Values)[])
      expectClose(trainer.parameter(nameOf(name)), expected[name]);
  });
});

describe('stored statistics', () => {
  test('are kept by a layer that the loss does not depend on, whatever the shape of a batch', async () => {
    const graph = new GraphBuilder(model());
    const aside = ['scale', 'bias', 'mean', 'variance'].map((name) =>
      graph.parameter(`aside.${name}`, float32([channels], [1, 1, 1, 1])),
    );
    graph.output('aside', graph.op('BatchNormalization', ['output', ...aside]));
    const of = graph.model();
    const [trainer, other] = [await make({}, of), await make({}, of)];
    const half = Object.fromEntries(
      Object.entries(data[1]!).map(
        ([
          name,
          {
            data: all,
            dims: [, ...rest],
          },
        ]) => {
          return [name, { data: (all as Float32Array).slice(0, all.length / 2), dims: [rows / 2, ...rest] }];
        },
      ),
    );
    expect((await trainer.run([data[0]!, half, data[2]!])).updates).toBe(3);
    expect(() => trainer.parameter('aside.mean')).toThrow('no trained parameter has this name');
    await other.load(await trainer.save());
    expect(await other.save()).toEqual(await trainer.save());
    expect(readModel(await other.export()).graph.initializers.get('aside.mean')!.data).toEqual(
      Float32Array.of(1, 1, 1, 1),
    );
  });

  test.each<[string, Partial<TrainerOptions>, string[]]>([
    ['are used by frozen layers', { trainable: ['w'] }, ['w']],
    ['are used by all layers where that is wanted', { batchNormalization: 'stored' }, ['w', 'scale', 'bias']],
  ])('%s, and do not change', async (_, options, trained) => {
    const trainer = await make(options);
    await trainer.run(data);
    const expected = reference(1, () => ({ statistics: 'running', trained }));
    for (const name of trained) expectClose(trainer.parameter(nameOf(name)), expected[name as keyof Values]);
    const { initializers } = readModel(await trainer.export()).graph;
    expect(initializers.get('bn.mean')!.data).toEqual(initial.mean);
    expect(initializers.get('bn.variance')!.data).toEqual(initial.variance);
  });
});
