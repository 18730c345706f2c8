import {
  averagePool,
  batchNorm,
  convolution,
  dense,
  dropout,
  embedding,
  gelu,
  globalAveragePool,
  glorotUniform,
  GraphBuilder,
  heUniform,
  layerNorm,
  maxPool,
  selfAttention,
  silu,
  writeModel,
  type ConvolutionOptions,
  type DataType,
  type WindowOptions,
} from '@anneal/onnx';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { random, uniform } from './mlp.ts';
import { ort } from './ort.ts';

const next = random(21);
const size = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);
const values = (...dims: number[]): Float32Array => uniform(size(dims), 1, next);

beforeAll(async () => {
  tf.enableProdMode(); // no banner
  await tf.setBackend('cpu');
});

/** What the stock runtime makes of a layer applied to one input. */
async function run(
  dims: readonly number[],
  data: Float32Array | Int32Array,
  layer: (graph: GraphBuilder, x: string) => string,
  opset = 18,
): Promise<{ dims: readonly number[]; data: Float32Array }> {
  const graph = new GraphBuilder({ ...new GraphBuilder().model(), opsets: new Map([['', opset]]) });
  const type: DataType = data instanceof Int32Array ? 'int32' : 'float32';
  graph.output('y', layer(graph, graph.input('x', type, ['batch', ...dims.slice(1)])));
  const session = await ort.InferenceSession.create(writeModel(graph.model()), { logSeverityLevel: 3 });
  const { y } = await session.run({ x: new ort.Tensor(type as 'float32', data as Float32Array, dims) });
  await session.release();
  return { dims: y!.dims, data: y!.data as Float32Array };
}

/** Sums of up to 100 products of numbers below 1 in another order: some ulps. */
function expectClose(ours: { dims: readonly number[]; data: Float32Array }, theirs: tf.Tensor): void {
  expect(ours.dims).toEqual(theirs.shape);
  const other = theirs.dataSync();
  const worst = Math.max(...ours.data.map((value, i) => Math.abs(value - other[i]!)));
  expect(worst).toBeLessThan(2e-6);
}

const channelsLast = (data: Float32Array, dims: readonly number[]): tf.Tensor4D =>
  tf.transpose(tf.tensor4d(data, dims as [number, number, number, number]), [0, 2, 3, 1]);
const channelsFirst = (x: tf.Tensor4D): tf.Tensor => tf.transpose(x, [0, 3, 1, 2]);

describe('convolution is that of tfjs', () => {
  const image = [2, 4, 9, 8];
  const pair = (value: number | readonly number[] = 1): [number, number] =>
    typeof value === 'number' ? [value, value] : (value as [number, number]);

  test.each<Omit<ConvolutionOptions, 'name' | 'weight' | 'inputs'>>([
    { outputs: 3, kernel: 3 },
    { outputs: 3, kernel: [3, 2], stride: [2, 1], bias: Float32Array.of(1, 2, 3) },
    { outputs: 3, kernel: 3, padding: 'same' },
    { outputs: 3, kernel: 2, padding: 'same', stride: 2, bias: false },
    { outputs: 3, kernel: [3, 4], padding: 'same', dilation: 2 },
    { outputs: 3, kernel: 3, padding: 1, stride: 2 },
    { outputs: 3, kernel: 3, padding: [0, 2], dilation: [2, 1] },
    { outputs: 6, kernel: 3, groups: 2 },
    { outputs: 4, kernel: 3, groups: 4, padding: 'same', stride: 2 },
    { outputs: 8, kernel: 3, groups: 4 },
  ])('%o', async (options) => {
    const { outputs, kernel, groups = 1, padding = 'valid', bias } = options;
    const weights = [outputs, 4 / groups, ...pair(kernel)] as const;
    const [x, weight] = [values(...image), values(...weights)];
    const ours = await run(image, x, (g, input) =>
      convolution(g, input, { ...options, name: 'conv', inputs: 4, weight }),
    );

    const filter = tf.transpose<tf.Tensor4D>(tf.tensor4d(weight, [...weights]), [2, 3, 1, 0]);
    const [vertical, horizontal] = typeof padding === 'string' ? [0, 0] : pair(padding);
    const padded: tf.Tensor4D = tf.pad(channelsLast(x, image), [
      [0, 0],
      [vertical, vertical],
      [horizontal, horizontal],
      [0, 0],
    ]);
    // tfjs has no groups: each is a convolution of its own.
    const [images, filters] = [tf.split<tf.Tensor4D>(padded, groups, 3), tf.split<tf.Tensor4D>(filter, groups, 3)];
    const mode = padding === 'same' ? 'same' : 'valid';
    const results: tf.Tensor4D[] = images.map((part, i) =>
      tf.conv2d(part, filters[i]!, pair(options.stride), mode, 'NHWC', pair(options.dilation)),
    );
    expectClose(
      ours,
      channelsFirst(tf.add<tf.Tensor4D>(tf.concat(results, 3), bias ? tf.tensor1d(Array.from(bias)) : 0)),
    );
  });

  test('a sequence has one axis, a volume three', async () => {
    const line = await run([1, 2, 7], values(1, 2, 7), (g, x) =>
      convolution(g, x, { name: 'c', inputs: 2, outputs: 3, kernel: [3], weight: heUniform(1) }),
    );
    const volume = await run([1, 1, 4, 5, 6], values(1, 1, 4, 5, 6), (g, x) =>
      convolution(g, x, { name: 'c', inputs: 1, outputs: 2, kernel: [2, 3, 1], stride: 2, weight: heUniform(1) }),
    );
    expect([line.dims, volume.dims]).toEqual([
      [1, 3, 5],
      [1, 2, 2, 2, 3],
    ]);
  });
});

describe('pools are those of tfjs', () => {
  const image = [2, 3, 7, 8];
  const x = values(...image);
  const numbers = (value: number | readonly number[]): [number, number] =>
    (typeof value === 'number' ? [value, value] : value) as [number, number];

  test.each<WindowOptions>([
    { kernel: 2 },
    { kernel: [3, 2], stride: 1 },
    { kernel: 3, stride: 2, padding: 'same' },
    { kernel: 2, padding: 'valid' },
    { kernel: 3, stride: 2, padding: 1 },
  ])('%o', async (options) => {
    const { kernel, stride = kernel, padding = 'valid' } = options;
    const [window, steps, mode] = [numbers(kernel), numbers(stride), padding as 'same' | 'valid' | number];
    const input = channelsLast(x, image);
    expectClose(
      await run(image, x, (g, y) => maxPool(g, y, options)),
      channelsFirst(tf.maxPool(input, window, steps, mode)),
    );
    expectClose(
      await run(image, x, (g, y) => averagePool(g, y, options)),
      channelsFirst(tf.avgPool(input, window, steps, mode)),
    );
  });

  test('the global one', async () => {
    expectClose(await run(image, x, globalAveragePool), tf.mean(tf.tensor4d(x, [2, 3, 7, 8]), [2, 3]));
  });
});

describe('normalisations, embedding, dense are those of tfjs', () => {
  test('batchNorm', async () => {
    const dims = [2, 3, 4, 5];
    const x = values(...dims);
    const [weight, bias, runningMean] = [values(3), values(3), values(3)];
    const runningVariance = Float32Array.of(0.5, 1, 2);
    const ours = await run(dims, x, (g, y) =>
      batchNorm(g, y, { name: 'bn', channels: 3, weight, bias, runningMean, runningVariance, epsilon: 0.01 }),
    );
    expectClose(
      ours,
      channelsFirst(
        tf.batchNorm4d(
          channelsLast(x, dims),
          tf.tensor1d(runningMean),
          tf.tensor1d(runningVariance),
          tf.tensor1d(bias),
          tf.tensor1d(weight),
          0.01,
        ),
      ),
    );
    // As it begins: mean 0, variance 1, factor 1.
    const fresh = await run(dims, x, (g, y) => batchNorm(g, y, { name: 'bn', channels: 3, epsilon: 0.21 }));
    expectClose(fresh, tf.div(tf.tensor4d(x, [2, 3, 4, 5]), 1.1));
  });

  test('layerNorm', async () => {
    const x = values(2, 3, 6);
    const [weight, bias] = [values(6), values(6)];
    const ours = await run([2, 3, 6], x, (g, y) =>
      layerNorm(g, y, { name: 'ln', width: 6, weight, bias, epsilon: 0.01 }),
    );
    const theirs = layers.layerNormalization({ epsilon: 0.01 });
    theirs.build([2, 3, 6]);
    theirs.setWeights([tf.tensor1d(weight), tf.tensor1d(bias)]);
    expectClose(ours, theirs.apply(tf.tensor3d(x, [2, 3, 6])) as tf.Tensor);
  });

  test('embedding and dense over its rows', async () => {
    const [table, weight, bias] = [values(5, 4), values(4, 3), values(3)];
    const indices = Int32Array.of(4, 0, 4, 1, 2, 3);
    const ours = await run([2, 3], indices, (g, x) =>
      dense(g, embedding(g, x, { name: 'e', count: 5, width: 4, weight: table }), {
        name: 'd',
        inputs: 4,
        outputs: 3,
        weight,
        bias,
      }),
    );
    const rows = tf.gather(tf.tensor2d(table, [5, 4]), tf.tensor1d(indices, 'int32'));
    const product = tf.add(tf.matMul(rows, tf.tensor2d(weight, [4, 3])), tf.tensor1d(bias));
    expectClose(ours, tf.reshape(product, [2, 3, 3]));
  });
});

describe('selfAttention', () => {
  /** The formula in double precision, one position at a time. */
  function reference(
    x: Float32Array,
    w: Float32Array,
    b: Float32Array,
    o: Float32Array,
    ob: Float32Array,
    causal: boolean,
  ): number[] {
    const [batch, length, width, heads] = [2, 5, 6, 3];
    const head = width / heads;
    const at = (n: number, t: number, column: number): number =>
      Array.from({ length: width }, (_, k) => x[(n * length + t) * width + k]! * w[k * 3 * width + column]!).reduce(
        (p, q) => p + q,
        b[column]!,
      );
    const out: number[] = [];
    for (let n = 0; n < batch; n++) {
      for (let t = 0; t < length; t++) {
        const mixed: number[] = [];
        for (let h = 0; h < heads; h++) {
          const seen = Array.from({ length: causal ? t + 1 : length }, (_, s) => s);
          const columns = Array.from({ length: head }, (_, i) => h * head + i);
          const scores = seen.map(
            (s) => columns.reduce((sum, i) => sum + at(n, t, i) * at(n, s, width + i), 0) / Math.sqrt(head),
          );
          const exps = scores.map(Math.exp);
          const total = exps.reduce((p, q) => p + q, 0);
          for (const i of columns)
            mixed.push(seen.reduce((sum, s, j) => sum + (exps[j]! / total) * at(n, s, 2 * width + i), 0));
        }
        for (let i = 0; i < width; i++)
          out.push(mixed.reduce((sum, value, k) => sum + value * o[k * width + i]!, ob[i]!));
      }
    }
    return out;
  }

  test.each([false, true])('is the formula in double precision (causal: %s)', async (causal) => {
    const [x, inWeight, inBias, outWeight, outBias] = [
      values(2, 5, 6),
      values(6, 18),
      values(18),
      values(6, 6),
      values(6),
    ];
    const ours = await run([2, 5, 6], x, (g, y) =>
      selfAttention(g, y, {
        name: 'attn',
        width: 6,
        heads: 3,
        inWeight,
        inBias,
        outWeight,
        outBias,
        ...(causal ? { causalLength: 5 } : {}),
      }),
    );
    const expected = tf.tensor3d(reference(x, inWeight, inBias, outWeight, outBias, causal), [2, 5, 6]);
    expectClose(ours, expected);
  });
});

describe('activations and dropout', () => {
  const x = Float32Array.from({ length: 64 }, (_, i) => (i - 32) / 6);

  test.each(['none', 'tanh'] as const)("gelu (%s) is the runtime's own operator", async (approximate) => {
    const own = await run([64], x, (g, y) => g.op('Gelu', [y], { approximate }), 20);
    expectClose(await run([64], x, (g, y) => gelu(g, y, approximate)), tf.tensor1d(own.data));
  });

  test('silu', async () => {
    expectClose(await run([64], x, silu), tf.mul(x, tf.sigmoid(x)));
  });

  test('dropout leaves a forward pass as it is', async () => {
    expect((await run([64], x, (g, y) => dropout(g, y, 0.4))).data).toEqual(x);
  });
});

describe('initializers', () => {
  test.each([
    ['heUniform', heUniform, Math.sqrt(6 / 100)],
    ['glorotUniform', glorotUniform, Math.sqrt(6 / 300)],
  ] as const)('%s fills its range evenly, from its seed', (_, initializer, limit) => {
    const draw = (seed: number): Float32Array => initializer(seed)([40, 50], 100, 200) as Float32Array;
    const drawn = draw(1);
    expect(draw(1)).toEqual(drawn);
    expect(draw(2)).not.toEqual(drawn);
    expect(Math.max(...drawn.map(Math.abs))).toBeLessThanOrEqual(limit);
    // The mean of n uniform numbers is within 5 standard errors of 0, their mean square near limit²/3 within as many.
    const n = drawn.length;
    const mean = (f: (value: number) => number): number => drawn.reduce((sum, value) => sum + f(value), 0) / n;
    expect(Math.abs(mean((value) => value))).toBeLessThan((5 * limit) / Math.sqrt(3 * n));
    expect(Math.abs(mean((value) => value ** 2) - limit ** 2 / 3)).toBeLessThan((5 * limit ** 2 * 0.3) / Math.sqrt(n));
  });
});
