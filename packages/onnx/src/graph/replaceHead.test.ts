import { describe, expect, test } from 'vitest';
import { checkModel, dense, float32, GraphBuilder, int64, OnnxError, replaceHead, type Model } from '../index.ts';

/** Two inputs; a body, a head of two layers that reads a mask, and a value beside the way, as files have them in operator set 11. */
function classifier(): Model {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['batch', 2]);
  g.input('mask', 'float32', ['batch', 1]);
  const h = g.op(
    'Relu',
    [dense(g, x, { name: 'body', inputs: 2, outputs: 4, weight: new Float32Array(8) })],
    {},
    'features',
  );
  const masked = g.op('Mul', [h, 'mask'], {}, 'masked');
  const logits = dense(g, masked, { name: 'head', inputs: 4, outputs: 10, weight: new Float32Array(40) });
  g.output('logits', g.op('Mul', [logits, g.parameter('temperature', float32([], [2]))]));
  g.output('shape', g.op('Shape', [x]));
  g.op('Gather', ['body.weight', g.parameter('index', int64([1], [0]))]);
  return { ...g.model(), opsets: new Map([['', 11]]) };
}

const newHead = (g: GraphBuilder, value: string): void => {
  g.output('logits', dense(g, value, { name: 'head', inputs: 4, outputs: 3, weight: new Float32Array(12) }));
};

describe('replaceHead', () => {
  test('keeps what the value is computed from, and frees the names of the rest', () => {
    const model = classifier();
    const before = structuredClone(model);
    const cut = replaceHead(model, { at: 'features', with: newHead });
    checkModel(cut);
    expect(model).toEqual(before);
    expect(cut.opsets.get('')).toBe(18);
    expect(cut.graph.nodes.map(({ op }) => op)).toEqual(['MatMul', 'Add', 'Relu', 'MatMul', 'Add', 'Identity']);
    expect([...cut.graph.initializers.keys()]).toEqual(['body.weight', 'body.bias', 'head.weight', 'head.bias']);
    expect(cut.graph.initializers.get('head.weight')?.dims).toEqual([4, 3]);
    expect(cut.graph.inputs.map(({ name }) => name)).toEqual(['x']);
    expect(cut.graph.outputs.map(({ name }) => name)).toEqual(['logits']);
  });

  test('lets new layers read any input of the model, and keeps those that they read', () => {
    const cut = replaceHead(classifier(), {
      at: 'features',
      with: (g, value) => newHead(g, g.op('Mul', [value, 'mask'])),
    });
    checkModel(cut);
    expect(cut.graph.inputs.map(({ name }) => name)).toEqual(['x', 'mask']);
  });

  test('cuts at an input too', () => {
    const cut = replaceHead(classifier(), { at: 'x', with: (g, x) => g.output('y', g.op('Neg', [x])) });
    expect(cut.graph.nodes.map(({ op }) => op)).toEqual(['Neg', 'Identity']);
    expect(cut.graph.initializers.size).toBe(0);
  });

  test('names the values most like one that the model lacks', () => {
    const cut = (): Model => replaceHead(classifier(), { at: 'feature', with: newHead });
    expect(cut).toThrow(OnnxError);
    expect(cut).toThrow('replaceHead: at: no value of the model is named "feature"; near are "features"');
  });

  test('asks for an output', () => {
    expect(() => replaceHead(classifier(), { at: 'features', with: (g, x) => g.op('Neg', [x]) })).toThrow(
      'replaceHead: with: it must declare an output of the graph',
    );
  });
});
