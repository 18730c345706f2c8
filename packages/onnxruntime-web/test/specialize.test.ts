import {
  float32,
  GraphBuilder,
  inspectModel,
  int64,
  meanSquaredError,
  sgd,
  specialize,
  standardRules,
  writeModel,
  type Attribute,
  type Model,
} from '@anneal/onnx';
import { describe, expect, test } from 'vitest';
import { createTrainer, type Batch } from '../src/index.ts';
import { ort } from './ort.ts';

const numbers = (count: number, start = 1): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(start + i));
/** A branch, whose names are other than those around it. */
const branch = (around: GraphBuilder, build: (g: GraphBuilder) => string): Attribute => {
  const g = new GraphBuilder();
  const { graph } = around.model();
  g.reserve({ ...graph, nodes: graph.nodes.map((node) => ({ ...node, attributes: new Map() })) });
  g.outputs.push({ name: build(g) });
  return { kind: 'graph', value: g.model().graph };
};

/**
 * Two layers, each behind an `If` on the sampling rate, as in a voice detector; the names inside the branches of both are the same, and one
 * branch holds a further `If` on whether a flag is set.
 */
function detector(): Model {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [2, 3]);
  const rate = g.input('sr', 'int64', []);
  const flag = g.input('flag', 'bool', [1]);
  g.parameter('fast', float32([3, 3], numbers(9, 1)));
  g.parameter('slow', float32([3, 3], numbers(9, 2)));
  const is = (value: number): string => g.op('Equal', [rate, g.parameter(`rate/${value}`, int64([], [value]))]);
  const scaled = (name: string, value: string): Attribute =>
    branch(g, (b) =>
      b.op('MatMul', [value, name === 'own' ? b.parameter('w', float32([3, 3], numbers(9, 5))) : name], {}, 'h'),
    );
  const first = g.op('If', [is(16000)], { then_branch: scaled('fast', x), else_branch: scaled('own', x) });
  const inner = branch(g, (b) =>
    b.op(
      'If',
      [b.op('Squeeze', [flag], {}, 'squeezed')],
      {
        then_branch: branch(g, (c) => c.op('Neg', [first], {}, 'negative')),
        else_branch: branch(g, (c) => c.op('Identity', [first], {}, 'same')),
      },
      'nested',
    ),
  );
  const second = g.op('If', [g.op('Not', [is(8000)])], { then_branch: inner, else_branch: scaled('own', first) });
  const third = g.op(
    'If',
    [g.op('Greater', [g.op('Gather', [g.op('Shape', [x]), g.parameter('0', int64([], [0]))]), rate])],
    {
      then_branch: branch(g, (b) => b.op('Exp', [second], {}, 'grown')),
      else_branch: scaled('own', second),
    },
  );
  g.output('output', g.op('Add', [third, g.op('MatMul', [x, 'slow'])]), { type: 'float32' });
  return g.model();
}

const x = { data: numbers(6, 7), dims: [2, 3] };

async function outputs(model: Model, feeds: Readonly<Record<string, unknown>>): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(writeModel(model), { logSeverityLevel: 3 });
  const wanted = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]]));
  const { output } = await session.run(wanted as never);
  await session.release();
  return output!.data as Float32Array;
}

describe('specialize', () => {
  test.each([
    [16000, true],
    [16000, false],
    [8000, true],
    [1, false],
  ])('takes out what sr = %i and flag = %s decide, and computes the same', async (sr, flag) => {
    const model = specialize(detector(), { sr, flag });
    expect(model.graph.inputs.map(({ name }) => name)).toEqual(['x']);
    expect(model.graph.nodes.filter(({ op }) => !['MatMul', 'Neg', 'Identity', 'Exp', 'Add'].includes(op))).toEqual([]);
    const feeds = {
      x: new ort.Tensor('float32', x.data, x.dims),
      sr: new ort.Tensor('int64', BigInt64Array.of(BigInt(sr)), []),
      flag: new ort.Tensor('bool', Uint8Array.of(Number(flag)), [1]),
    };
    expect(await outputs(model, feeds)).toEqual(await outputs(detector(), feeds));
  });

  test('leaves a model that trains, where control flow stood in the way', async () => {
    const batch: Batch = { x, target: { data: numbers(6, 3), dims: [2, 3] } };
    const fixed: Batch = {
      ...batch,
      sr: { data: BigInt64Array.of(16000n), dims: [] },
      flag: { data: Uint8Array.of(1), dims: [1], type: 'bool' },
    };
    const options = { loss: meanSquaredError(), optimizer: sgd(), plan: 0.05 };
    await expect(createTrainer(ort, detector(), { ...options, batch: fixed })).rejects.toThrow(
      'If: the operator (node "If") is control flow, which has no gradient rule; it is decided by "sr", for given values ' +
        'of which specialize(model, { … }) takes it out; it lies on the way fast → [If] → … → ',
    );
    expect(inspectModel(detector(), standardRules).withoutRule).toEqual(['If']);
    const model = specialize(detector(), { sr: 16000, flag: true });
    expect(inspectModel(model, standardRules).withoutRule).toEqual([]);
    const trainer = await createTrainer(ort, model, { ...options, batch });
    expect([...trainer.parameters].sort()).toEqual(['fast', 'slow', 'w']);
    const { losses } = await trainer.run(Array.from({ length: 30 }, () => batch));
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
  });

  test('decides what it can, and leaves the rest', () => {
    const some = specialize(detector(), { flag: false });
    expect(some.graph.inputs.map(({ name }) => name)).toEqual(['x', 'sr']);
    expect(some.graph.nodes.filter(({ op }) => op === 'If')).toHaveLength(3);
  });

  test('refuses an input that there is not, and a value that it does not take', () => {
    const refused =
      (values: object): (() => Model) =>
      () =>
        specialize(detector(), values as never);
    expect(refused({ sampling: 1 })).toThrow('specialize: the model has no input "sampling"; it has x, sr, flag');
    expect(refused({ sr: 0.5 })).toThrow('specialize: sr must be a value of int64; received 0.5');
    expect(refused({ sr: 'fast' })).toThrow('specialize: sr must be a value of int64; received "fast"');
    expect(refused({ x: 1 })).toThrow('specialize: x must be a tensor of the shape [2, 3]; received 1');
    expect(refused({ sr: float32([], [1]) })).toThrow('specialize: sr must be a tensor of int64; received an object');
  });
});
