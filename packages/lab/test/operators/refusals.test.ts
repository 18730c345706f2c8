import {
  dense,
  float32,
  GraphBuilder,
  heUniform,
  int64,
  meanSquaredError,
  softmaxCrossEntropy,
  type Model,
  type Tensor,
} from '@anneal/onnx';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Batch } from '../../src/data/tensor.ts';
import { loadTfjs } from '../../src/learners/tfjs/loadTfjs.ts';
import { openForward, type ForwardOptions } from '../../src/learners/tfjs/forward.ts';
import type { Tfjs } from '../../src/learners/tfjs/operators/operator.ts';

let tf: Tfjs;
beforeAll(async () => {
  tf = await loadTfjs('cpu');
});

const batch: Batch = {
  x: { data: Float32Array.of(1, 2, 3, 4, 5, 6), dims: [2, 3] },
  target: { data: Float32Array.of(1, 2), dims: [2, 1] },
};

/** A linear layer, with something of the kind under test on its way. */
const model = (way: (g: GraphBuilder, x: string) => string, opset = 18): Model => {
  const g = new GraphBuilder({ ...new GraphBuilder().model(), opsets: new Map([['', opset]]) });
  const x = g.input('x', 'float32', ['batch', 3]);
  g.output('output', dense(g, way(g, x), { name: 'fc', inputs: 3, outputs: 1, weight: heUniform(1) }));
  return g.model();
};
const open = (given: Model, options: Partial<ForwardOptions> = {}): unknown =>
  openForward(tf, given, { loss: meanSquaredError(), batch, ...options });
const constant = (g: GraphBuilder, tensor: Tensor): string => g.parameter(g.unique('c'), tensor);

describe('refused in one sentence that names operator, node and device, before training begins:', () => {
  test.each<[string, Model, string]>([
    [
      'an operator that is not interpreted',
      model((g, x) => g.op('Hardmax', [x], {}, 'hard')),
      'tfjs: the operator Hardmax (node "hard") is not run on TensorFlow.js; train this model on onnxruntime-web',
    ],
    [
      'an attribute that is not taken into account',
      model((g, x) => g.op('Relu', [x], { consumed: 1 }, 'r')),
      'tfjs: the operator Relu (node "r") is not run with the attribute "consumed"; train this model on onnxruntime-web',
    ],
    [
      'control flow',
      model((g, x) => g.op('Loop', ['', '', x], {}, 'loop')),
      'tfjs: the operator Loop (node "loop") is not run on TensorFlow.js; train this model on onnxruntime-web',
    ],
    [
      'another type of floats',
      model((g, x) =>
        g.op('Mul', [x, g.op('Exp', [constant(g, { type: 'float64', dims: [1], data: Float64Array.of(1) })], {}, 'e')]),
      ),
      'tfjs: the operator Exp (node "e") is not run in float64; TensorFlow.js has float32 alone',
    ],
    [
      'a constant that no type holds',
      model((g, x) =>
        g.op('Mul', [x, constant(g, { type: 'float16', dims: [1], data: Uint16Array.of(0) })], {}, 'half'),
      ),
      'tfjs: the operator Mul (node "half") reads "c" of float16, which TensorFlow.js does not have',
    ],
    [
      'a whole number that no double holds',
      model((g, x) => {
        const sum = g.op('Add', [constant(g, int64([1], [2 ** 53 - 1])), constant(g, int64([1], [1]))], {}, 'sum');
        return g.op('Mul', [x, g.op('Cast', [sum], { to: 1 })]);
      }),
      'tfjs: the operator Add (node "sum") is not run to a result that int64 cannot hold exactly here',
    ],
    [
      'floats cast to int64 on the way',
      model((g, x) =>
        g.op('Mul', [x, g.op('Cast', [g.op('Cast', [g.op('Exp', [x])], { to: 7 }, 'whole')], { to: 1 })]),
      ),
      'tfjs: the operator Cast (node "whole") is not run to int64 from floats that are computed; TensorFlow.js has int32 alone: cast to int32',
    ],
    [
      'a shape that is computed from floats',
      model((g, x) => g.op('Reshape', [x, g.op('Cast', [g.op('Exp', [x])], { to: 6 })], {}, 'shaped')),
      'tfjs: the operator Reshape (node "shaped") is not run with an input 1 that is computed from floats; it has to follow from shapes or the batch',
    ],
  ])('%s', (_, given, sentence) => {
    expect(() => open(given)).toThrow(
      expect.objectContaining({ name: 'LabError', code: 'unsupported', message: sentence }),
    );
  });

  test('a kernel that the backend lacks, forward', () => {
    withoutKernel('Erf', () => {
      expect(() => open(model((g, x) => g.op('Erf', [x], {}, 'bend')))).toThrow(
        'tfjs: the operator Erf (node "bend") cannot be run on the device cpu: its kernel Erf is missing; use tfjs-cpu or onnxruntime-web',
      );
    });
  });

  test('a kernel that the backend lacks, backward', () => {
    withoutKernel('MaxPoolGrad', () => {
      const g = new GraphBuilder();
      const x = g.op('Mul', [
        g.input('x', 'float32', ['batch', 1, 2, 2]),
        constant(g, float32([2, 1, 2, 2], new Float32Array(8).fill(2))),
      ]);
      g.output('output', g.op('Flatten', [g.op('MaxPool', [x], { kernel_shape: [2, 2] }, 'pool')]));
      const images: Batch = {
        x: { data: new Float32Array(8), dims: [2, 1, 2, 2] },
        target: { data: new Float32Array(2), dims: [2, 1] },
      };
      expect(() => open(g.model(), { batch: images })).toThrow(
        'tfjs: the operator MaxPool (node "pool") cannot be differentiated on the device cpu: its kernel MaxPoolGrad is missing; use tfjs-cpu or onnxruntime-web',
      );
    });
  });
});

function withoutKernel(name: string, run: () => void): void {
  const kernel = tf.getKernel(name, 'cpu');
  tf.unregisterKernel(name, 'cpu');
  try {
    run();
  } finally {
    tf.registerKernel(kernel);
  }
}

describe('a batch', () => {
  const embedding = (): Model => {
    const g = new GraphBuilder();
    const x = g.op(
      'Gather',
      [g.parameter('table', float32([3, 1], [1, 2, 3])), g.input('tokens', 'int64', ['batch'])],
      {},
      'rows',
    );
    g.output('output', x);
    return g.model();
  };
  const tokens = (...values: bigint[]): Batch => ({
    tokens: { data: BigInt64Array.from(values), dims: [values.length] },
    target: { data: new Float32Array(values.length), dims: [values.length, 1] },
  });

  test('with an index outside the table is refused, also in the midst of training', () => {
    const forward = openForward(tf, embedding(), { loss: meanSquaredError(), batch: tokens(0n, 2n) });
    const weights = new Map([['table', tf.tensor([1, 2, 3], [3, 1])]]);
    expect(() => forward.loss(weights, tokens(1n, 3n))).toThrow(
      'tfjs: the operator Gather (node "rows") is not run with the index 3 into 3 rows',
    );
    expect(() => forward.loss(weights, tokens(1n, 2n ** 60n))).toThrow('with the index Infinity into 3 rows');
    expect(forward.loss(weights, tokens(-1n, 1n)).loss.dataSync()[0]).toBeCloseTo((9 + 4) / 2);
  });

  test.each<[string, Batch, string]>([
    [
      'without an input',
      { target: batch['target']! },
      'tfjs: the model reads "x", which the batch lacks; it holds target',
    ],
    [
      'of another type',
      { ...batch, x: { data: new Int32Array(6), dims: [2, 3] } },
      'tfjs: the model reads "x" as float32; the batch holds int32',
    ],
    [
      'that does not fill its shape',
      { ...batch, x: { data: new Float32Array(5), dims: [2, 3] } },
      'tfjs: "x" of shape [2, 3] does not hold 5 elements',
    ],
  ])('%s is refused', (_, given, sentence) => {
    expect(() =>
      open(
        model((___, x) => x),
        { batch: given },
      ),
    ).toThrow(sentence);
  });
});

describe('what does not fit a loss is refused as by the trainer of onnxruntime-web:', () => {
  test('a target of another shape', () => {
    const wide: Batch = { ...batch, target: { data: new Float32Array(2), dims: [2] } };
    expect(() =>
      open(
        model((_, x) => x),
        { batch: wide },
      ),
    ).toThrow(
      'target: meanSquaredError compares it with "output", float32 [2, 1], and its shape must be that of "output"; received float32 [2]',
    );
  });

  test.each([0, 0.1])('a label that is no class, smoothed by %d', (labelSmoothing) => {
    const labels = (...values: number[]): Batch => ({
      x: batch['x']!,
      labels: { data: Int32Array.from(values), dims: [2] },
    });
    const two = model((g, x) => g.op('Concat', [x], { axis: 1 }));
    const g = new GraphBuilder(two);
    g.op('Concat', ['output', 'output'], { axis: 1 }, 'logits');
    const forward = openForward(tf, g.model(), {
      loss: softmaxCrossEntropy({ labelSmoothing }),
      batch: labels(0, 1),
    });
    const weights = new Map(
      [...forward.parameters].map(([name, { data, dims }]) => [name, tf.tensor(data as Float32Array, [...dims])]),
    );
    expect(forward.loss(weights, labels(0, -100)).loss.shape).toEqual([]);
    for (const wrong of [2, -1])
      expect(() => forward.loss(weights, labels(0, wrong))).toThrow(
        `tfjs: labels: the classes are 0 to 1, and -100 marks what has no label; received ${wrong} at [1]`,
      );
  });
});

test('a model in which nothing is trained is refused', () => {
  const none = model((_, x) => x);
  expect(() => open(none, { trainable: ['no such'] })).toThrow(
    'tfjs: the loss depends on none of the parameters (there are none)',
  );
});

test('a comparison stops the gradient and does not stand in its way', () => {
  const given = model((g, x) => {
    const scaled = g.op('Mul', [x, g.parameter('scale', float32([3], [1, -1, 2]))]);
    return g.op('Where', [g.op('Greater', [scaled, g.scalar(0)]), scaled, g.op('Mul', [scaled, g.scalar(0.5)])]);
  });
  const forward = openForward(tf, given, { loss: meanSquaredError(), batch, trainable: /^(fc|scale)/ });
  expect([...forward.parameters.keys()].sort()).toEqual(['fc.bias', 'fc.weight', 'scale']);
});
