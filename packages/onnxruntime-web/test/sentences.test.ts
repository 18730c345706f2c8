import {
  float32,
  GraphBuilder,
  int64,
  meanSquaredError,
  sgd,
  toFloat32,
  type DataType,
  type Tensor,
} from '@anneal/onnx';
import { describe, expect, test } from 'vitest';
import { createTrainer, type Batch, type Trainer } from '../src/index.ts';
import { ort } from './ort.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => 1 + (i % 3));
const x = { data: Float32Array.from(numbers(6)), dims: [2, 3] };
const target = { data: Float32Array.from(numbers(4)), dims: [2, 2] };
const w = float32([3, 2], [1, 2, 3, 4, 5, 6]);

function train(build: (g: GraphBuilder) => void, batch: Batch = { x, target }): Promise<Trainer> {
  const g = new GraphBuilder();
  build(g);
  return createTrainer(ort, g.model(), { loss: meanSquaredError(), optimizer: sgd(), plan: 0.01, batch });
}
const failure = async (work: () => Promise<unknown>): Promise<Error & { code: string }> =>
  work().then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error as Error & { code: string },
  );

describe('what the runtime refuses is told in a sentence:', () => {
  const layer = (g: GraphBuilder): string =>
    g.op('MatMul', [g.input('x', 'float32', ['batch', 3]), g.parameter('w', w)], {}, 'product');
  test.each<[string, (g: GraphBuilder) => void, RegExp]>([
    [
      'an operator that it lacks',
      (g) => {
        g.nodes.push({ op: 'Fancy', domain: '', name: 'f', inputs: [layer(g)], outputs: ['y'], attributes: new Map() });
        g.reserve(g.model().graph);
        g.output('output', 'y');
      },
      /^inferShapes: onnxruntime does not accept the graph: it has no operator Fancy in operator set 18$/,
    ],
    [
      'an operator of a domain that it lacks',
      (g) => {
        const node = { op: 'Fancy', domain: 'com.mine', name: 'f', inputs: [layer(g)], outputs: ['y'] };
        g.nodes.push({ ...node, attributes: new Map() });
        g.reserve(g.model().graph);
        g.output('output', 'y');
      },
      /^inferShapes: onnxruntime does not accept the graph: .*com\.mine/,
    ],
    [
      'two types',
      (g) => g.output('output', g.op('Add', [layer(g), g.parameter('n', int64([2], [1, 2]))], {}, 'sum')),
      /does not accept the graph: the operator Add \(node "sum"\) reads float32 and int64, which must be one type$/,
    ],
    [
      'a type that an operator does not take',
      (g) => g.output('output', g.op('Add', [layer(g), g.op('Cast', [g.op('Not', ['x'], {}, 'not')], { to: 1 })])),
      /does not accept the graph: the operator Not \(node "not"\) does not take "x", which is float32$/,
    ],
    [
      'shapes that do not fit',
      (g) => g.output('output', g.op('MatMul', [layer(g), g.parameter('v', float32([3, 1], [1, 2, 3]))], {}, 'second')),
      /does not accept the graph: shapes in it do not fit: Incompatible dimensions for matrix multiplication$/,
    ],
  ])('%s', async (_, build, message) => {
    const error = await failure(() => train(build));
    expect(error).toMatchObject({ code: 'runtime' });
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/ERROR_CODE|onnxruntime_src|\n/);
  });

  test('an index that is out of range, while running', async () => {
    const trainer = await train(
      (g) => {
        const rows = g.op('Gather', [g.parameter('table', w), g.input('x', 'int64', ['batch'])], {}, 'lookup');
        g.output('output', rows);
      },
      { x: { data: BigInt64Array.of(0n, 1n), dims: [2] }, target },
    );
    const error = await failure(() => trainer.run([{ x: { data: BigInt64Array.of(0n, 7n), dims: [2] }, target }]));
    expect(error.message).toMatch(
      /^training: onnxruntime failed to run the graph: the operator \w+ \(node ".*"\): .*7/,
    );
    expect(error.message).not.toMatch(/ERROR_CODE|onnxruntime_src|\n/);
  });
});

/** A runtime that has no memory for batches of more than `most`. */
function small(most: number): { readonly runtime: typeof ort; readonly tried: () => number } {
  let tried = 0;
  const create = async (...all: Parameters<typeof ort.InferenceSession.create>): Promise<unknown> => {
    const session = await ort.InferenceSession.create(...all);
    const run = (feeds: Parameters<typeof session.run>[0]): ReturnType<typeof session.run> => {
      const { '@x': scanned } = feeds as Record<string, { readonly dims: readonly number[] }>;
      if (scanned !== undefined && scanned.dims[1]! > most) {
        tried++;
        throw new Error('failed to call OrtRun(). ERROR_CODE: 6, ERROR_MESSAGE: std::bad_alloc');
      }
      return session.run(feeds);
    };
    return { outputMetadata: session.outputMetadata, run, release: () => session.release() };
  };
  return { runtime: { ...ort, InferenceSession: { create } } as never, tried: () => tried };
}

test('too little memory is told with what would fit, and training goes on with that', async () => {
  const g = new GraphBuilder();
  g.output('output', g.op('MatMul', [g.input('x', 'float32', ['batch', 3]), g.parameter('w', w)]));
  const of = (size: number): Batch => ({
    x: { data: new Float32Array(3 * size).fill(1), dims: [size, 3] },
    target: { data: new Float32Array(2 * size), dims: [size, 2] },
  });
  const { runtime, tried } = small(40);
  const options = { loss: meanSquaredError(), optimizer: sgd(), plan: 0.01, batch: of(32) };
  const trainer = await createTrainer(runtime, g.model(), options);
  const error = await failure(() => trainer.run([of(64)]));
  expect(error).toMatchObject({ code: 'memory', path: 'training' });
  const advice =
    'the values of a batch of 64 take 1 MiB, the weights and slots 1 MiB, of at most 4.0 GiB; ' +
    'a batch of about 32 fits, and accumulate: 2 makes the same update of 2 such batches';
  expect(error.message).toBe(`training: onnxruntime ran out of memory: ${advice}`);
  expect(trainer.scheduler.step).toBe(0);
  // What has failed once is not tried again: a second failure may leave the runtime unusable.
  const again = await failure(() => createTrainer(runtime, g.model(), { ...options, batch: of(64) }));
  expect(again.message).toBe(`training: onnxruntime has too little memory: ${advice}`);
  expect((await failure(() => trainer.run([of(128)]))).message).toContain('a batch of about 32 fits');
  expect(tried()).toBe(1);
  expect(await trainer.run([of(32)])).toMatchObject({ updates: 1, stopped: null });
});

describe('inputs that the model does not read', () => {
  const build = (g: GraphBuilder): string =>
    g.output('output', g.op('MatMul', [g.input('x', 'float32', ['batch', 3]), g.parameter('w', w)]));
  test.each<[string, Batch[string], string]>([
    [
      'of another type',
      { data: Float64Array.from(numbers(6)), dims: [2, 3] },
      'x: the model reads float32 (Float32Array); received float64 (Float64Array)',
    ],
    [
      'of other integers',
      { data: Int32Array.from(numbers(6)), dims: [2, 3] },
      'x: the model reads float32 (Float32Array); received int32 (Int32Array)',
    ],
    ['with an axis less', { ...x, dims: [6] }, 'x: the model reads the shape [batch, 3]; received [6]'],
  ])('%s are refused', async (_, feed, message) => {
    await expect(train(build, { x: feed, target })).rejects.toThrow(message);
    const trainer = await train(build);
    await expect(trainer.run([{ x: feed, target }])).rejects.toThrow(message);
    await expect(trainer.predict({ x: feed })).rejects.toThrow(message);
  });
});

test('indices may be int32 where the model says int64', async () => {
  const losses = [];
  for (const data of [BigInt64Array.of(0n, 2n), Int32Array.of(0, 2)]) {
    const batch = { x: { data, dims: [2] }, target };
    const trainer = await train(
      (g) => g.output('output', g.op('Gather', [g.parameter('table', w), g.input('x', 'int64', ['batch'])])),
      batch,
    );
    losses.push((await trainer.run([batch, batch])).losses);
  }
  expect(losses[0]).toEqual(losses[1]);
});

describe('weights of another floating-point type', () => {
  const halves: Readonly<Record<string, Tensor>> = {
    float16: { type: 'float16', dims: [3, 2], data: Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x7bff, 0x8000) },
    bfloat16: { type: 'bfloat16', dims: [3, 2], data: Uint16Array.of(0x3f80, 0xc000, 0x3eab, 0x0001, 0x4049, 0x8000) },
    float64: { type: 'float64', dims: [3, 2], data: Float64Array.of(1, -2, 0.1, 5e-324, 3.140625, -0) },
  };
  const values: Readonly<Record<string, readonly number[]>> = {
    float16: [1, -2, 0.333251953125, 2 ** -24, 65504, -0],
    bfloat16: [1, -2, 0.333984375, 2 ** -133, 3.140625, -0],
    float64: [1, -2, Math.fround(0.1), 0, 3.140625, -0],
  };

  test.each(Object.keys(halves))('%s are named, and toFloat32 makes them trainable', async (type) => {
    const number = { float16: 10, bfloat16: 16, float64: 11 }[type]!;
    const g = new GraphBuilder();
    const wide = type === 'float64';
    const input = g.input('x', wide ? 'float64' : 'float32', ['batch', 3]);
    const inner = wide ? input : g.op('Cast', [input], { to: number });
    const product = g.op('MatMul', [inner, g.parameter('w', halves[type]!)]);
    g.output('output', wide ? product : g.op('Cast', [product], { to: 1 }), { type: wide ? 'float64' : 'float32' });
    const options = { loss: meanSquaredError(), optimizer: sgd(), plan: 1e-12, batch: { x, target } };
    await expect(createTrainer(ort, g.model(), options)).rejects.toThrow(
      `model: its weights are ${type}, and it is trained in float32: pass toFloat32(model) of @anneal/onnx`,
    );
    const model = toFloat32(g.model());
    expect([...(model.graph.initializers.get('w')!.data as Float32Array)]).toEqual(values[type]);
    const trainer = await createTrainer(ort, model, options);
    expect(trainer.parameters).toEqual(['w']);
    expect((await trainer.run([options.batch])).updates).toBe(1);
    const { output } = await trainer.predict({ x });
    expect(output!.type satisfies DataType).toBe('float32');
  });

  test('one of them among float32 ones is named where it is chosen', async () => {
    const g = new GraphBuilder();
    const input = g.input('x', 'float32', ['batch', 3]);
    const half = g.op('Cast', [g.parameter('half', halves['float16']!)], { to: 1 });
    g.output('output', g.op('Add', [g.op('MatMul', [input, half]), g.op('MatMul', [input, g.parameter('w', w)])]));
    const options = { loss: meanSquaredError(), optimizer: sgd(), plan: 0, batch: { x, target } };
    await expect(createTrainer(ort, g.model(), { ...options, trainable: ['half'] })).rejects.toThrow(
      'trainable: "half" is float16, and it is trained in float32: pass toFloat32(model)',
    );
  });
});
