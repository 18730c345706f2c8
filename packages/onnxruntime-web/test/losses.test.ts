import {
  binaryCrossEntropy,
  float32,
  GraphBuilder,
  huber,
  meanSquaredError,
  sgd,
  softmaxCrossEntropy,
  valueAsLoss,
  type Loss,
} from '@anneal/onnx';
import { describe, expect, test } from 'vitest';
import { createTrainer, type Batch } from '../src/index.ts';
import { ort } from './ort.ts';

const [rows, classes] = [4, 3];
const values = Float32Array.from({ length: rows * classes }, (_, i) => 2 * Math.sin(2 * i + 1));

/** A model whose output is its parameter: the gradient of the loss is the negative step at a rate of 1. */
function model(name: string, dims: readonly number[] = [rows, classes]): GraphBuilder {
  const graph = new GraphBuilder();
  graph.output(name, graph.op('Add', [graph.parameter('w', float32(dims, values)), graph.input('x', 'float32', [1])]));
  return graph;
}

const softmaxRow = (logits: readonly number[]): number[] => {
  const total = logits.reduce((sum, value) => sum + Math.exp(value), 0);
  return logits.map((value) => Math.exp(value) / total);
};

/** Mean cross entropy in double precision; −100 marks a row without a label. */
function crossEntropy(w: Float64Array, labels: readonly (number | readonly number[])[], smoothing = 0): number {
  let [sum, count] = [0, 0];
  labels.forEach((label, row) => {
    if (label === -100) return;
    const p = softmaxRow([...w.subarray(row * classes, row * classes + classes)]);
    const target = typeof label === 'number' ? p.map((_, c) => (c === label ? 1 : 0)) : label;
    p.forEach((value, c) => (sum -= ((1 - smoothing) * target[c]! + smoothing / classes) * Math.log(value)));
    count++;
  });
  return sum / count;
}

const int32 = (dims: number[], data: number[]): { data: Int32Array; dims: number[] } => ({
  data: Int32Array.from(data),
  dims,
});
const floats = (dims: number[], data: number[]): { data: Float32Array; dims: number[] } => ({
  data: Float32Array.from(data),
  dims,
});
const targets = [0.3, -1, 2, 0.5, 0.1, -0.4, 1.5, -2, 0, 0.7, 0.2, -0.9];
const shares = [0.2, 0.3, 0.5, 1, 0, 0, 0.25, 0.25, 0.5, 0, 0.9, 0.1];
const mean = (w: Float64Array, each: (value: number, i: number) => number): number =>
  w.reduce((sum, value, i) => sum + each(value, i), 0) / w.length;

const cases: Record<
  string,
  { loss: Loss; output: string; feeds: Batch; dims?: number[]; reference: (w: Float64Array) => number }
> = {
  'softmax cross entropy': {
    loss: softmaxCrossEntropy(),
    output: 'logits',
    feeds: { labels: int32([4], [2, 0, 1, 1]) },
    reference: (w) => crossEntropy(w, [2, 0, 1, 1]),
  },
  'with smoothing': {
    loss: softmaxCrossEntropy({ labelSmoothing: 0.1 }),
    output: 'logits',
    feeds: { labels: int32([4], [2, 0, 1, 1]) },
    reference: (w) => crossEntropy(w, [2, 0, 1, 1], 0.1),
  },
  'with an ignored class': {
    loss: softmaxCrossEntropy({ ignoreIndex: -100 }),
    output: 'logits',
    feeds: { labels: int32([4], [2, -100, 1, 1]) },
    reference: (w) => crossEntropy(w, [2, -100, 1, 1]),
  },
  'with an ignored class and smoothing': {
    loss: softmaxCrossEntropy({ ignoreIndex: -100, labelSmoothing: 0.2 }),
    output: 'logits',
    feeds: { labels: { data: BigInt64Array.of(2n, -100n, 1n, 1n), dims: [4] } },
    reference: (w) => crossEntropy(w, [2, -100, 1, 1], 0.2),
  },
  'over a sequence': {
    loss: softmaxCrossEntropy(),
    output: 'logits',
    dims: [2, 2, 3],
    feeds: { labels: int32([2, 2], [2, 0, 1, 1]) },
    reference: (w) => crossEntropy(w, [2, 0, 1, 1]),
  },
  'with probabilities as labels and smoothing': {
    loss: softmaxCrossEntropy({ labels: 'shares', labelSmoothing: 0.1 }),
    output: 'logits',
    feeds: { shares: floats([4, 3], shares) },
    reference: (w) =>
      crossEntropy(
        w,
        [0, 1, 2, 3].map((row) => shares.slice(3 * row, 3 * row + 3)),
        0.1,
      ),
  },
  'mean squared error': {
    loss: meanSquaredError(),
    output: 'output',
    feeds: { target: floats([4, 3], targets) },
    reference: (w) => mean(w, (value, i) => (value - Math.fround(targets[i]!)) ** 2),
  },
  huber: {
    loss: huber({ delta: 0.8 }),
    output: 'output',
    feeds: { target: floats([4, 3], targets) },
    reference: (w) =>
      mean(w, (value, i) => {
        const d = Math.abs(value - Math.fround(targets[i]!));
        return d < 0.8 ? (d * d) / 2 : 0.8 * (d - 0.4);
      }),
  },
  'binary cross entropy': {
    loss: binaryCrossEntropy(),
    output: 'logits',
    feeds: { labels: floats([4, 3], shares) },
    reference: (w) =>
      mean(
        w,
        (z, i) =>
          -shares[i]! * Math.log(1 / (1 + Math.exp(-z))) - (1 - shares[i]!) * Math.log(1 - 1 / (1 + Math.exp(-z))),
      ),
  },
  'any function of the graph': {
    loss: (graph) => graph.op('ReduceMean', [graph.op('Exp', ['output'])], { keepdims: 0 }),
    output: 'output',
    feeds: {},
    reference: (w) => mean(w, Math.exp),
  },
};

describe('a loss and its gradient agree with double precision:', () => {
  test.each(Object.entries(cases))('%s', async (_, { loss, output, feeds, dims, reference }) => {
    const batch: Batch = { x: floats([1], [0]), ...feeds };
    const trainer = await createTrainer(ort, model(output, dims).model(), { loss, optimizer: sgd(), plan: 1, batch });
    const { losses } = await trainer.run([batch]);
    const start = Float64Array.from(values);
    // Sums of a dozen float32 terms of size 1.
    expect(losses[0]! / reference(start)).toBeCloseTo(1, 6);
    const after = trainer.parameter('w');
    const h = 1e-5;
    start.forEach((value, i) => {
      const [up, down] = [start.with(i, value + h), start.with(i, value - h)];
      // The step is read as a difference of weights up to 2, each rounded to 1e-7.
      expect(values[i]! - after[i]!).toBeCloseTo((reference(up) - reference(down)) / (2 * h), 5);
    });
  });

  test.each([0, 1])('a value that the model computes, keepdims %i', async (keepdims) => {
    const graph = model('output');
    graph.op('ReduceMean', ['output'], { keepdims }, 'cost');
    const batch = { x: floats([1], [0]) };
    const trainer = await createTrainer(ort, graph.model(), {
      loss: valueAsLoss('cost'),
      optimizer: sgd(),
      plan: 1,
      batch,
    });
    expect((await trainer.run([batch])).losses[0]).toBeCloseTo(
      mean(Float64Array.from(values), (value) => value),
      6,
    );
  });

  test('may compare with an input or a value of the model, but not with two things of one name', async () => {
    const graph = model('output');
    graph.op('Mul', ['output', graph.scalar(0.5)], {}, 'target');
    const batch = { x: floats([1], [0.25]) };
    const options = { loss: meanSquaredError(), optimizer: sgd(), plan: 1 };
    const trainer = await createTrainer(ort, graph.model(), { ...options, batch });
    const expected = mean(Float64Array.from(values), (value) => ((value + 0.25) / 2) ** 2);
    expect((await trainer.evaluate(batch)).loss).toBeCloseTo(expected, 6);
    const both = { ...batch, target: floats([4, 3], targets) };
    await expect(createTrainer(ort, graph.model(), { ...options, batch: both })).rejects.toThrow(
      'the model computes a value of this name',
    );
  });

  test('a loss that is not one number is refused', async () => {
    const batch = { x: floats([1], [0]) };
    const options = { loss: valueAsLoss('output'), optimizer: sgd(), plan: 1, batch };
    await expect(createTrainer(ort, model('output').model(), options)).rejects.toThrow(
      'the loss must be one float32 number; received float32 of shape [4, 3]',
    );
  });
});

/** A model with `classes` logits of each of two rows, under any name. */
function linear(classes: number, output = 'logits'): GraphBuilder {
  const graph = new GraphBuilder();
  const weight = float32(
    [2, classes],
    Float32Array.from({ length: 2 * classes }, (_, i) => Math.cos(i)),
  );
  const x = graph.input('x', 'float32', ['batch', 2]);
  graph.output(output, graph.op('MatMul', [x, graph.parameter('w', weight)]));
  return graph;
}
const x = floats([2, 2], [1, 2, 3, 4]);

describe('class numbers', () => {
  const lossOf = async (
    labels: Batch[string],
    classes: number,
    options: Parameters<typeof softmaxCrossEntropy>[0] = {},
  ): Promise<number> => {
    const batch = { x, labels };
    const loss = softmaxCrossEntropy(options);
    const trainer = await createTrainer(ort, linear(classes).model(), { loss, optimizer: sgd(), plan: 0, batch });
    expect((await trainer.evaluate(batch)).loss).toBeCloseTo((await trainer.run([batch])).losses[0]!, 6);
    return trainer.run([batch]).then(({ losses }) => losses[0]!);
  };
  const row = (classes: number, label: number): number => {
    const logits = Array.from({ length: classes }, (_, c) => 3 * Math.cos(c) + 4 * Math.cos(classes + c));
    return Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 0)) - logits[label]!;
  };

  test.each([
    [3, {}],
    [200, {}],
    [200, { labelSmoothing: 0.1 }],
  ])('−100 marks a position without a label, with %i classes and %o', async (classes, options) => {
    const [ignored, only] = [int32([2], [-100, 1]), int32([2], [1, 1])];
    const both = await lossOf(ignored, classes, options);
    if (!('labelSmoothing' in options)) expect(both).toBeCloseTo(row(classes, 1), 4);
    expect(await lossOf(ignored, classes, { ...options, ignoreIndex: -100 })).toBe(both);
    expect(await lossOf(only, classes, options)).not.toBeCloseTo(both, 3);
  });

  test.each([
    ['below zero', int32([2], [0, -1]), {}, -1, '1'],
    ['past the classes', int32([2], [3, 0]), {}, 3, '0'],
    ['below zero, int64', { data: BigInt64Array.of(0n, -7n), dims: [2] }, {}, -7, '1'],
    ['not what is ignored', int32([2], [-100, 0]), { ignoreIndex: -1 }, -100, '0'],
    ['with smoothing', int32([2], [0, -1]), { labelSmoothing: 0.1 }, -1, '1'],
  ] as const)('%s are refused with place and value', async (_, labels, options, value, place) => {
    const ignored = 'ignoreIndex' in options ? options.ignoreIndex : -100;
    await expect(lossOf(labels, 3, options)).rejects.toThrow(
      `labels: the classes are 0 to 2, and ${ignored} marks what has no label; received ${value} at [${place}]`,
    );
  });

  test('are checked before the update, and what came before is trained', async () => {
    const good = { x, labels: int32([2], [0, 1]) };
    const options = { loss: softmaxCrossEntropy(), optimizer: sgd(), plan: 0.1, batch: good, stepsPerCall: 8 };
    const trainer = await createTrainer(ort, linear(3).model(), options);
    await expect(trainer.run([good, good, { x, labels: int32([2], [0, 9]) }, good])).rejects.toThrow(
      'received 9 at [1]',
    );
    expect(trainer.scheduler.step).toBe(2);
    const reference = await createTrainer(ort, linear(3).model(), options);
    await reference.run([good, good]);
    expect(trainer.parameter('w')).toEqual(reference.parameter('w'));
    await expect(trainer.evaluate({ x, labels: int32([2], [5, 0]) })).rejects.toThrow('received 5 at [0]');
  });

  test('of a sequence are told by their indices', async () => {
    const graph = new GraphBuilder();
    const weight = graph.parameter('w', float32([2, 3], [1, 2, 3, 4, 5, 6]));
    graph.output('logits', graph.op('MatMul', [graph.input('x', 'float32', [2, 3, 2]), weight]));
    const batch = { x: floats([2, 3, 2], targets), labels: int32([2, 3], [0, 1, 2, 0, 8, 1]) };
    const options = { loss: softmaxCrossEntropy(), optimizer: sgd(), plan: 0, batch };
    const trainer = await createTrainer(ort, graph.model(), options);
    await expect(trainer.run([batch])).rejects.toThrow('received 8 at [1, 1]');
  });
});

describe('targets of another shape are refused, never broadcast:', () => {
  test.each([
    ['mean squared error', meanSquaredError(), 'target', 1, floats([2], [1, 2]), 'float32 [2, 1]'],
    [
      'mean squared error, no broadcast',
      meanSquaredError(),
      'target',
      3,
      floats([2, 2], [1, 2, 3, 4]),
      'float32 [2, 3]',
    ],
    ['mean squared error of one number', meanSquaredError(), 'target', 3, floats([1], [1]), 'float32 [2, 3]'],
    ['huber', huber(), 'target', 1, floats([2], [1, 2]), 'float32 [2, 1]'],
    ['binary cross entropy', binaryCrossEntropy(), 'labels', 1, floats([2], [0, 1]), 'float32 [2, 1]'],
    [
      'binary cross entropy of class numbers',
      binaryCrossEntropy(),
      'labels',
      1,
      int32([2, 1], [0, 1]),
      'float32 [2, 1]',
    ],
    ['probabilities', softmaxCrossEntropy(), 'labels', 3, floats([1, 3], [0, 1, 0]), 'float32 [2, 3]'],
    ['class numbers in a column', softmaxCrossEntropy(), 'labels', 3, int32([2, 1], [0, 1]), 'float32 [2, 3]'],
    ['too few class numbers', softmaxCrossEntropy(), 'labels', 3, int32([1], [0]), 'float32 [2, 3]'],
    ['smoothed class numbers', softmaxCrossEntropy({ labelSmoothing: 0.1 }), 'labels', 3, int32([1], [0]), '[2, 3]'],
  ] as const)('%s', async (_, loss, name, classes, target, output) => {
    const graph = linear(classes, 'prediction');
    const options = { loss, optimizer: sgd(), plan: 0.1 };
    const making = createTrainer(ort, graph.model(), { ...options, batch: { x, [name]: target } });
    const dims = `[${target.dims.join(', ')}]`;
    await expect(making).rejects.toThrow(new RegExp(`^${name}: .* compares it with "prediction", .*; received \\w+ `));
    await expect(making).rejects.toThrow(output);
    await expect(making).rejects.toThrow(dims);

    // And where such a batch comes later: in a run, and to be evaluated.
    const isClasses = classes === 3 && target.data instanceof Int32Array;
    const right = { x, [name]: isClasses ? int32([2], [0, 1]) : floats([2, classes], targets.slice(0, 2 * classes)) };
    const trainer = await createTrainer(ort, graph.model(), { ...options, batch: right });
    await expect(trainer.run([{ x, [name]: target }])).rejects.toThrow(dims);
    await expect(trainer.evaluate({ x, [name]: target })).rejects.toThrow(dims);
    await trainer.run([right]);
  });
});

describe('the value that a loss reads', () => {
  const batch = { x, target: floats([2, 3], targets.slice(0, 6)), labels: int32([2], [0, 1]) };
  const options = { optimizer: sgd(), plan: 0.1, batch };

  test('is the only output, whatever its name', async () => {
    for (const loss of [meanSquaredError(), huber(), softmaxCrossEntropy()]) {
      const trainer = await createTrainer(ort, linear(3, 'linear_1').model(), { ...options, loss });
      expect((await trainer.run([batch])).updates).toBe(1);
    }
  });

  test('is named by the option where there are several', async () => {
    const graph = linear(3, 'first');
    graph.output('second', graph.op('Neg', ['first']));
    await expect(createTrainer(ort, graph.model(), { ...options, loss: softmaxCrossEntropy() })).rejects.toThrow(
      'softmaxCrossEntropy: logits: the model has no value named "logits"; its outputs are "first", "second"; ' +
        'name the one that is meant: softmaxCrossEntropy({ logits: "…" })',
    );
    const wrong = meanSquaredError({ output: 'third' });
    await expect(createTrainer(ort, graph.model(), { ...options, loss: wrong })).rejects.toThrow(
      'meanSquaredError: output: the model has no value named "third"; its outputs are "first", "second"',
    );
    const loss = meanSquaredError({ output: 'second' });
    expect((await createTrainer(ort, graph.model(), { ...options, loss })).parameters).toEqual(['w']);
  });
});

test('options outside their range are refused', () => {
  expect(() => softmaxCrossEntropy({ labelSmoothing: 1 })).toThrow(
    'labelSmoothing must be a number in [0, 1); received 1',
  );
  expect(() => softmaxCrossEntropy({ ignoreIndex: 0.5 })).toThrow('ignoreIndex must be an integer; received 0.5');
  expect(() => huber({ delta: 0 })).toThrow('delta must be a number > 0; received 0');
});
