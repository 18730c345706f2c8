import { expect, test } from 'vitest';
import { convolution, dense, dropout, GraphBuilder, heUniform, maxPool, OnnxError, selfAttention } from '../index.ts';

const weight = heUniform(1);
const graph = (): GraphBuilder => {
  const g = new GraphBuilder();
  g.input('x', 'float32', [1, 4, 8, 8]);
  return g;
};

test.each<[string, (g: GraphBuilder) => string]>([
  [
    'fc: inputs must be a whole number >= 1; received 0',
    (g) => dense(g, 'x', { name: 'fc', inputs: 0, outputs: 2, weight }),
  ],
  [
    'conv: groups must divide inputs and outputs; received 3 of 4 and 6',
    (g) => convolution(g, 'x', { name: 'conv', inputs: 4, outputs: 6, kernel: 3, groups: 3, weight }),
  ],
  [
    'conv: stride must have 2 numbers, as kernel has; received 1',
    (g) => convolution(g, 'x', { name: 'conv', inputs: 4, outputs: 6, kernel: 3, stride: [2], weight }),
  ],
  [
    'conv: padding must be a whole number >= 0 per axis; received -1, -1',
    (g) => convolution(g, 'x', { name: 'conv', inputs: 4, outputs: 6, kernel: 3, padding: -1, weight }),
  ],
  [
    'conv: padding "same" needs a stride or a dilation of 1; give the padding as numbers',
    (g) =>
      convolution(g, 'x', {
        name: 'conv',
        inputs: 4,
        outputs: 6,
        kernel: 3,
        padding: 'same',
        stride: 2,
        dilation: 2,
        weight,
      }),
  ],
  [
    'maxPool: kernel must be a whole number >= 1 per axis; received 0, 2',
    (g) => maxPool(g, 'x', { kernel: [0, 2], stride: 1 }),
  ],
  [
    'attn: heads must divide width; received 3 of 8',
    (g) => selfAttention(g, 'x', { name: 'attn', width: 8, heads: 3, inWeight: weight, outWeight: weight }),
  ],
  ['dropout: ratio must be in [0, 1); received 1', (g) => dropout(g, 'x', 1)],
  ['initializer: seed must be a whole number; received 0.5', () => heUniform(0.5)([1], 1, 1) as never],
])('%s', (message, build) => {
  expect(() => build(graph())).toThrow(OnnxError);
  expect(() => build(graph())).toThrow(message);
});
