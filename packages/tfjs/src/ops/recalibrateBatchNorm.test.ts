import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { useBackend } from '../../test/backend.ts';
import recorded from '../../test/fixtures/torch_update_bn.json' with { type: 'json' };
import { numbersOf } from '../../test/numbers.ts';
import { refusal } from '../../test/refusal.ts';
import { recalibrateBatchNorm } from './index.ts';

beforeAll(() => useBackend());

const made: { dispose(): void }[] = [];
afterEach(() => made.splice(0).forEach((one) => one.dispose()));
const open = <T extends { dispose(): void }>(one: T): T => {
  made.push(one);
  return one;
};

const { batchNormalization, bidirectional, dense, timeDistributed } = layers.layers;
const u = 2 ** -24;

/** Sequences of 3 steps with 2 features, 4 in a batch: three batches as plain numbers. */
const data = [0, 1, 2].map((t) =>
  Array.from({ length: 4 }, (_, i) =>
    Array.from({ length: 3 }, (_, k) => [Math.sin(i + 2.3 * k + 1.1 * t), 2 * Math.cos(0.7 * i - k + t)]),
  ),
);
type Rows = readonly (readonly number[])[];
const step = (batch: (typeof data)[number], k: number): Rows => batch.map((sequence) => sequence[k]!);

/** Mean and population variance of each feature over some rows. */
function moments(rows: Rows): readonly [number[], number[]] {
  const mean = [0, 1].map((f) => rows.reduce((sum, row) => sum + row[f]!, 0) / rows.length);
  return [mean, mean.map((m, f) => rows.reduce((sum, row) => sum + (row[f]! - m) ** 2, 0) / rows.length)];
}

/** The mean, over calls with these rows each, of what each call sees. */
function meanOf(calls: readonly Rows[]): readonly [number[], number[]] {
  const seen = calls.map(moments);
  const over = (which: 0 | 1): number[] =>
    [0, 1].map((f) => seen.reduce((sum, one) => sum + one[which][f]!, 0) / seen.length);
  return [over(0), over(1)];
}

type Norm = layers.layers.Layer & {
  momentum: number;
  movingMean: { read(): tf.Tensor };
  movingVariance: { read(): tf.Tensor };
};
const norm = (): Norm => batchNormalization() as unknown as Norm;

async function expectStatistics({ movingMean, movingVariance, momentum }: Norm, calls: readonly Rows[]): Promise<void> {
  const found = await Promise.all([movingMean, movingVariance].map((one) => numbersOf(one.read())));
  // A mean over up to 18 calls of numbers below 4, each rounded thrice.
  meanOf(calls).forEach((expected, which) =>
    expected.forEach((value, f) => expect(Math.abs(found[which]![f]! - value)).toBeLessThanOrEqual(64 * u)),
  );
  expect(momentum).toBe(0.99);
}

/** A layer of one's own, which holds others in whatever way and calls those that it wants. */
class Own extends layers.layers.Layer {
  static className = 'Own';
  readonly held: unknown;
  readonly #forward: (input: tf.Tensor, training: boolean) => tf.Tensor;

  constructor(held: unknown, forward: (input: tf.Tensor, training: boolean) => tf.Tensor) {
    super({});
    this.held = held;
    this.#forward = forward;
  }
  override call(inputs: tf.Tensor | tf.Tensor[], { training = false }: { training?: boolean }): tf.Tensor {
    return tf.tidy(() => this.#forward([inputs].flat()[0]!, training));
  }
}

/** A recurrent cell that normalises what it is given and forgets it. */
class NormCell extends layers.layers.Layer {
  static className = 'NormCell';
  readonly stateSize = 2;
  readonly norm = norm();

  override build(shape: layers.Shape): void {
    this.norm.build(shape);
    this.built = true;
  }
  override call([input, state]: tf.Tensor[], kwargs: Record<string, unknown>): tf.Tensor[] {
    return tf.tidy(() => [this.norm.call(input!, kwargs) as tf.Tensor, state!]);
  }
  override get trainableWeights(): layers.LayerVariable[] {
    return this.norm.trainableWeights;
  }
}

/** Has a class name of its own, because tfjs's Bidirectional cannot copy a bare RNN: it deserializes one cell twice. */
class NormRnn extends layers.RNN {
  static override className = 'NormRnn';
  constructor(args: object = {}) {
    super({ ...args, cell: new NormCell({}) as never, returnSequences: true });
  }
  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    return new cls(config);
  }
}
tf.serialization.registerClass(NormRnn);

const rnn = (cell: unknown): layers.RNN => layers.layers.rnn({ cell: cell as never, returnSequences: true });
const sequential = (...of: layers.layers.Layer[]): layers.Sequential => {
  const model = layers.sequential();
  for (const layer of of) model.add(layer);
  return model;
};
/** What every batch shows to a layer that is called once for each batch, or once for each step of each. */
const flat = data.map((batch) => step(batch, 0));
const steps = data.flatMap((batch) => [0, 1, 2].map((k) => step(batch, k)));
/** Each batch and its double. */
const twice = flat.flatMap((rows) => [rows, rows.map((row) => row.map((value) => 2 * value))]);
const input = (): layers.SymbolicTensor => layers.input({ shape: [2] });
const identity = (): layers.layers.Layer => dense({ units: 2, kernelInitializer: 'identity' });

interface Structure {
  readonly model: layers.LayersModel;
  readonly norms: readonly (readonly [Norm, readonly Rows[]])[];
  readonly sequences?: boolean;
}

/** Models by what is about them, with what each of their normalisations sees call by call. */
const structures: Readonly<Record<string, () => Structure>> = {
  'a nested model': () => {
    const one = norm();
    const inner = sequential(layers.layers.inputLayer({ inputShape: [2] }), one);
    return { model: sequential(inner, dense({ units: 1 })), norms: [[one, flat]] };
  },
  'four models deep, and one beside': () => {
    const [one, other] = [norm(), norm()];
    let model = sequential(layers.layers.inputLayer({ inputShape: [2] }), identity(), one);
    for (let depth = 0; depth < 3; depth++) model = sequential(model);
    const outer = sequential(model, batchNormalization());
    const symbol = input();
    const both = layers.model({
      inputs: symbol,
      outputs: [outer.apply(symbol), other.apply(symbol)] as layers.SymbolicTensor[],
    });
    return {
      model: both,
      norms: [
        [one, flat],
        [other, flat],
      ],
    };
  },
  'a nested functional model': () => {
    const one = norm();
    const [inside, outside] = [input(), input()];
    const inner = layers.model({ inputs: inside, outputs: one.apply(inside) as layers.SymbolicTensor });
    return {
      model: layers.model({ inputs: outside, outputs: inner.apply(outside) as layers.SymbolicTensor }),
      norms: [[one, flat]],
    };
  },
  'a layer shared by two branches': () => {
    const one = norm();
    const symbol = input();
    const doubled = dense({ units: 2, useBias: false }).apply(symbol) as layers.SymbolicTensor;
    const model = layers.model({
      inputs: symbol,
      outputs: [one.apply(symbol), one.apply(doubled)] as layers.SymbolicTensor[],
    });
    tf.tidy(() =>
      model.layers
        .find((layer) => layer.getClassName() === 'Dense')!
        .setWeights([
          tf.tensor2d([
            [2, 0],
            [0, 2],
          ]),
        ]),
    );
    return { model, norms: [[one, twice]] };
  },
  'a model shared by two branches': () => {
    const one = norm();
    const shared = sequential(layers.layers.inputLayer({ inputShape: [2] }), one);
    const [left, right] = [input(), input()];
    const model = layers.model({
      inputs: [left, right],
      outputs: [shared.apply(left), shared.apply(right)] as layers.SymbolicTensor[],
    });
    return { model, norms: [[one, flat.flatMap((rows) => [rows, rows])]] };
  },
  TimeDistributed: () => {
    const one = norm();
    return {
      model: sequential(timeDistributed({ layer: one, inputShape: [3, 2] })),
      norms: [[one, steps]],
      sequences: true,
    };
  },
  'TimeDistributed over a model': () => {
    const one = norm();
    const layer = sequential(layers.layers.inputLayer({ inputShape: [2] }), one);
    return {
      model: sequential(timeDistributed({ layer, inputShape: [3, 2] })),
      norms: [[one, steps]],
      sequences: true,
    };
  },
  'a recurrent cell': () => {
    const cell = new NormCell({});
    return {
      model: sequential(layers.layers.inputLayer({ inputShape: [3, 2] }), rnn(cell)),
      norms: [[cell.norm, steps]],
      sequences: true,
    };
  },
  'stacked recurrent cells': () => {
    const cells = [new NormCell({}), layers.layers.simpleRNNCell({ units: 2, recurrentInitializer: 'zeros' })];
    const model = sequential(layers.layers.inputLayer({ inputShape: [3, 2] }), rnn(cells));
    return { model, norms: [[(cells[0] as NormCell).norm, steps]], sequences: true };
  },
  Bidirectional: () => {
    const wrapper = bidirectional({ layer: new NormRnn(), mergeMode: 'concat' });
    const model = sequential(layers.layers.inputLayer({ inputShape: [3, 2] }), wrapper);
    const { forwardLayer, backwardLayer } = wrapper as unknown as Record<string, { cell: NormCell }>;
    return {
      model,
      norms: [
        [forwardLayer!.cell.norm, steps],
        [backwardLayer!.cell.norm, steps],
      ],
      sequences: true,
    };
  },
  'fields, lists, maps and plain objects of own layers': () => {
    const norms = [norm(), norm(), norm(), norm()];
    const [one, two, three, four] = norms as [Norm, Norm, Norm, Norm];
    const held = { one, list: [[two]], map: new Map([['three', three]]), set: new Set([{ four }]) };
    const own = new Own(held, (x, training) => {
      for (const each of norms) each.apply(x, { training });
      return tf.clone(x);
    });
    return {
      model: sequential(layers.layers.inputLayer({ inputShape: [2] }), own),
      norms: norms.map((each) => [each, flat]),
    };
  },
  'a frozen one': () => {
    const one = norm();
    one.trainable = false;
    return { model: sequential(layers.layers.inputLayer({ inputShape: [2] }), one), norms: [[one, flat]] };
  },
};

// What each of those calls shows, as update_bn of PyTorch makes statistics of it: tools/reference/torch_update_bn.py.
test.each([
  ['one call for each batch', flat],
  ['in nested models', flat],
  ['in two branches', twice],
  ['for each step of time', steps],
] as const)("the mean over calls is PyTorch's: %s", (name, calls) => {
  const { mean, variance } = recorded.cases[name];
  meanOf(calls).forEach((ours, which) =>
    // Both in float64, summed in another order.
    ours.forEach((value, f) => expect(value).toBeCloseTo([mean, variance][which]![f]!, 14)),
  );
});

test.each(Object.keys(structures))('%s: the mean over all calls', async (name) => {
  const { model, norms, sequences = false } = structures[name]!();
  open(model);
  const batches = data.map((batch) => {
    const tensor = open(sequences ? tf.tensor3d(batch) : tf.tensor2d(batch.map((sequence) => sequence[0]!)));
    return model.inputs.length === 1 ? tensor : model.inputs.map(() => tensor);
  });
  tf.dispose(model.predict(batches[0] as tf.Tensor)); // a lazily built layer is built
  const { numTensors } = tf.memory();
  recalibrateBatchNorm(model, batches);
  expect(tf.memory().numTensors).toBe(numTensors);
  await Promise.all(norms.map(([one, calls]) => expectStatistics(one, calls)));
  expect(norms.some(([one]) => Object.hasOwn(one, 'call'))).toBe(false);
  // Again from statistics that are no longer a beginning's.
  recalibrateBatchNorm(model, batches);
  await Promise.all(norms.map(([one, calls]) => expectStatistics(one, calls)));
});

test('a layer that is built by its first call, and one that nothing calls', async () => {
  const [built, never] = [norm(), norm()];
  never.build([null, 2]);
  const own = new Own([built, never], (x, training) => built.apply(x, { training }) as tf.Tensor);
  const model = open(sequential(layers.layers.inputLayer({ inputShape: [2] }), own));
  const batches = flat.map((rows) => open(tf.tensor2d(rows as number[][])));
  recalibrateBatchNorm(model, batches);
  await expectStatistics(built, flat);
  expect(await numbersOf(never.movingVariance.read())).toEqual([1, 1]);
  expect(never.momentum).toBe(0.99);
  tf.dispose([...built.weights, ...never.weights].map((weight) => weight.read()));
});

test('a model that stands on the same base is left alone', async () => {
  const base = sequential(layers.layers.inputLayer({ inputShape: [2] }), identity());
  const [one, other] = [norm(), norm()];
  const [mine, others] = [one, other].map((head) =>
    layers.model({ inputs: base.inputs, outputs: head.apply(base.outputs[0]!) as layers.SymbolicTensor }),
  );
  recalibrateBatchNorm(
    mine!,
    flat.map((rows) => open(tf.tensor2d(rows as number[][]))),
  );
  await expectStatistics(one, flat);
  expect(await numbersOf(other.movingMean.read())).toEqual([0, 0]);
  open(others!);
  tf.dispose(one.weights.map((weight) => weight.read()));
});

test('a batch that fails leaves momentum and call as they were', () => {
  const one = norm();
  const model = open(sequential(layers.layers.inputLayer({ inputShape: [2] }), one));
  const good = open(tf.tensor2d(flat[0] as number[][]));
  expect(() => recalibrateBatchNorm(model, [good, open(tf.zeros([4, 3]))])).toThrow('shape');
  expect([one.momentum, Object.hasOwn(one, 'call')]).toEqual([0.99, false]);
});

test('refusals', () => {
  const model = open(sequential(layers.layers.inputLayer({ inputShape: [2] }), norm()));
  const batch = open(tf.zeros([4, 2]));
  expect(refusal(() => recalibrateBatchNorm(model, batch as never))).toBe(
    'recalibrateBatchNorm: batches must be a list of inputs; for one batch write [batch]',
  );
  for (const none of [undefined, Promise.resolve(model), [batch], model.layers[0]])
    expect(refusal(() => recalibrateBatchNorm(none as never, [batch]))).toContain(
      'recalibrateBatchNorm: model must be a model of tfjs-layers; received',
    );
  expect(refusal(() => recalibrateBatchNorm(model, []))).toBe(
    'recalibrateBatchNorm: batches must hold at least one batch',
  );
});
