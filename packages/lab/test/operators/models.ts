import {
  averagePool,
  batchNorm,
  convolution,
  dense,
  dropout,
  embedding,
  gelu,
  glorotUniform,
  GraphBuilder,
  heUniform,
  layerNorm,
  maxPool,
  meanSquaredError,
  huber,
  binaryCrossEntropy,
  relu,
  selfAttention,
  softmaxCrossEntropy,
  type Loss,
  type Model,
} from '@anneal/onnx';
import type { Batch } from '../../src/data/tensor.ts';

/** A small model of each kind, its loss, and batches for it. */
export interface Small {
  readonly name: string;
  readonly model: Model;
  readonly loss: Loss;
  readonly batch: (step: number) => Batch;
}

const noise = (seed: number, length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * (seed + 1)) * 1.5);
const classes = (seed: number, length: number, count: number): Int32Array =>
  Int32Array.from({ length }, (_, i) => Math.floor(Math.abs(Math.sin(3.7 * (i + 1) + seed)) * count) % count);

const built = (build: (g: GraphBuilder) => void): Model => {
  const graph = new GraphBuilder();
  build(graph);
  return graph.model();
};

const n = 4;
const images = (step: number): Batch => ({
  x: { data: noise(step, n * 2 * 64), dims: [n, 2, 8, 8] },
  labels: { data: classes(step, n, 3), dims: [n] },
});
const rows = (step: number): Batch => ({
  x: { data: noise(step, n * 5), dims: [n, 5] },
  labels: { data: classes(step, n, 3), dims: [n] },
  target: { data: noise(step + 100, n * 3), dims: [n, 3] },
  shares: { data: noise(step + 50, n * 3).map((v) => Math.abs(v) / 2), dims: [n, 3] },
});
const length = 6;
const words = (step: number): Batch => ({
  tokens: { data: BigInt64Array.from(classes(step, n * length, 11), BigInt), dims: [n, length] },
  labels: { data: classes(step + 1, n * length, 11), dims: [n, length] },
});

const perceptron = (): Model =>
  built((g) => {
    const h = relu(
      g,
      dense(g, g.input('x', 'float32', ['batch', 5]), { name: 'fc1', inputs: 5, outputs: 7, weight: heUniform(1) }),
    );
    g.output('output', dense(g, h, { name: 'fc2', inputs: 7, outputs: 3, weight: heUniform(2) }));
  });

const cnn = (): Model =>
  built((g) => {
    const x = g.input('x', 'float32', ['batch', 2, 8, 8]);
    const c1 = batchNorm(
      g,
      convolution(g, x, {
        name: 'c1',
        inputs: 2,
        outputs: 4,
        kernel: [3, 3],
        padding: 1,
        weight: heUniform(1),
        bias: false,
      }),
      { name: 'b1', channels: 4 },
    );
    const p1 = maxPool(g, relu(g, c1), { kernel: [2, 2], stride: [2, 2] });
    const c2 = relu(
      g,
      convolution(g, p1, {
        name: 'c2',
        inputs: 4,
        outputs: 6,
        groups: 2,
        kernel: [3, 3],
        stride: [2, 2],
        weight: heUniform(2),
      }),
    );
    const p2 = averagePool(g, c2, { kernel: [1, 1] });
    const flat = dropout(g, g.op('Flatten', [p2]), 0.25);
    g.output('logits', dense(g, flat, { name: 'fc', inputs: 6, outputs: 3, weight: glorotUniform(3) }));
  });

const transformer = (norm: 'before' | 'after'): Model =>
  built((g) => {
    const [width, count] = [8, 11];
    const weight = glorotUniform(5);
    let x = embedding(g, g.input('tokens', 'int64', ['batch', length]), { name: 'emb', count, width, weight });
    x = g.op('Add', [
      x,
      g.parameter('positions', {
        type: 'float32',
        dims: [length, width],
        data: noise(7, length * width).map((v) => v / 10),
      }),
    ]);
    const attend = (v: string): string =>
      selfAttention(g, v, { name: 'attn', width, heads: 2, causalLength: length, inWeight: weight, outWeight: weight });
    const feed = (v: string): string =>
      dropout(
        g,
        dense(g, gelu(g, dense(g, v, { name: 'up', inputs: width, outputs: 16, weight })), {
          name: 'down',
          inputs: 16,
          outputs: width,
          weight,
        }),
        0.1,
      );
    const normed = (v: string, name: string): string => layerNorm(g, v, { name, width });
    if (norm === 'before') {
      x = g.op('Add', [x, attend(normed(x, 'n1'))]);
      x = g.op('Add', [x, feed(normed(x, 'n2'))]);
    } else {
      x = normed(g.op('Add', [x, attend(x)]), 'n1');
      x = normed(g.op('Add', [x, feed(x)]), 'n2');
    }
    g.output('logits', dense(g, x, { name: 'head', inputs: width, outputs: count, weight }));
  });

/** Embedding, a recurrent layer, logits at each place. */
const recurrent = (op: 'LSTM' | 'GRU'): Model =>
  built((g) => {
    const [width, size, count] = [5, 4, 11];
    const gates = op === 'LSTM' ? 4 : 3;
    const x = embedding(g, g.input('tokens', 'int64', ['batch', length]), {
      name: 'emb',
      count,
      width,
      weight: glorotUniform(1),
    });
    const parameter = (name: string, ...dims: number[]): string =>
      g.parameter(name, {
        type: 'float32',
        dims,
        data: noise(
          name.length,
          dims.reduce((a, b) => a * b, 1),
        ).map((v) => v / 3),
      });
    const weights = [
      parameter('rnn.W', 1, gates * size, width),
      parameter('rnn.RR', 1, gates * size, size),
      parameter('rnn.BBB', 1, 2 * gates * size),
    ];
    const [y] = g.ops(op, [g.op('Transpose', [x], { perm: [1, 0, 2] }), ...weights], 1, { hidden_size: size });
    const states = g.op('Transpose', [g.op('Squeeze', [y as string, g.list([1])])], { perm: [1, 0, 2] });
    g.output('logits', dense(g, states, { name: 'head', inputs: size, outputs: count, weight: glorotUniform(2) }));
  });

/** Models like those of the lab and of exporters, with every loss of @anneal/onnx. */
export const smallModels: readonly Small[] = [
  {
    name: 'perceptron, cross entropy',
    model: perceptron(),
    loss: softmaxCrossEntropy({ logits: 'output' }),
    batch: rows,
  },
  {
    name: 'perceptron, smoothed',
    model: perceptron(),
    loss: softmaxCrossEntropy({ logits: 'output', labelSmoothing: 0.1 }),
    batch: rows,
  },
  {
    name: 'perceptron, shares as labels',
    model: perceptron(),
    loss: softmaxCrossEntropy({ logits: 'output', labels: 'shares' }),
    batch: rows,
  },
  { name: 'perceptron, squares', model: perceptron(), loss: meanSquaredError(), batch: rows },
  { name: 'perceptron, Huber', model: perceptron(), loss: huber({ delta: 0.5 }), batch: rows },
  {
    name: 'perceptron, binary',
    model: perceptron(),
    loss: binaryCrossEntropy({ logits: 'output', labels: 'shares' }),
    batch: rows,
  },
  {
    name: 'convolutions with batch normalisation and dropout',
    model: cnn(),
    loss: softmaxCrossEntropy(),
    batch: images,
  },
  {
    name: 'pre-norm transformer',
    model: transformer('before'),
    loss: softmaxCrossEntropy({ ignoreIndex: 0 }),
    batch: words,
  },
  { name: 'post-norm transformer', model: transformer('after'), loss: softmaxCrossEntropy(), batch: words },
  {
    name: 'post-norm transformer, smoothed, some ignored',
    model: transformer('after'),
    loss: softmaxCrossEntropy({ ignoreIndex: 3, labelSmoothing: 0.2 }),
    batch: words,
  },
  { name: 'LSTM', model: recurrent('LSTM'), loss: softmaxCrossEntropy(), batch: words },
  { name: 'GRU', model: recurrent('GRU'), loss: softmaxCrossEntropy(), batch: words },
];
