import { describe, expect, test } from 'vitest';
import {
  float32,
  GraphBuilder,
  gradients,
  OnnxError,
  reachable,
  standardRules,
  type GradientRule,
  type Shapes,
} from '../index.ts';

const matrix = { type: 'float32', dims: [2, 2] } as const;
const scalar = { type: 'float32', dims: [] } as const;

/** loss = Σ f(x·w) for an operator f. */
function chain(op: string, domain = ''): { graph: GraphBuilder; shapes: Shapes } {
  const graph = new GraphBuilder();
  graph.input('x', 'float32', [2, 2]);
  graph.parameter('w', float32([2, 2], [1, 2, 3, 4]));
  graph.parameter('other', float32([2, 2], [1, 2, 3, 4]));
  graph.op('MatMul', ['x', 'w'], {}, 'h');
  graph.nodes.push({ op, domain, name: 'f', inputs: ['h'], outputs: ['y'], attributes: new Map() });
  graph.reserve(graph.model().graph);
  graph.op('ReduceSum', ['y'], { keepdims: 0 }, 'loss');
  return {
    graph,
    shapes: new Map(['x', 'w', 'h', 'y', 'other'].map((name) => [name, matrix] as const)).set('loss', scalar as never),
  };
}

describe('gradients', () => {
  test('touch only what lies between the parameters and the loss', () => {
    const { graph, shapes } = chain('Relu');
    const before = graph.nodes.length;
    const found = gradients(graph, shapes, 'loss', ['w']);
    expect([...found.keys()]).toEqual(['w']);
    // One product for dw; none for dx, which nobody asked for.
    expect(graph.nodes.slice(before).filter(({ op }) => op === 'Gemm')).toHaveLength(1);
  });

  test('refuse an operator without a rule by name, with the way to it', () => {
    const { graph, shapes } = chain('Attention', 'com.microsoft');
    const error = (() => {
      try {
        return gradients(graph, shapes, 'loss', ['w']);
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toBeInstanceOf(OnnxError);
    expect(error).toMatchObject({ code: 'noGradient', path: 'com.microsoft.Attention' });
    expect(String(error)).toContain('w → h → [Attention] → … → loss');
  });

  test('refuse an attribute that the rule does not cover', () => {
    const { graph, shapes } = chain('Relu');
    graph.nodes[1] = { ...graph.nodes[1]!, attributes: new Map([['leak', { kind: 'int', value: 1 }]]) };
    expect(() => gradients(graph, shapes, 'loss', ['w'])).toThrow(
      'has the attribute "leak", which its gradient rule does not cover',
    );
  });

  test('refuse a value that the loss does not depend on, and reachable leaves it out', () => {
    const { graph, shapes } = chain('Relu');
    expect(() => gradients(graph, shapes, 'loss', ['other'])).toThrow(
      'other: the loss "loss" does not depend on this value',
    );
    expect(reachable(graph, shapes, 'loss', ['other', 'w'])).toEqual(['w']);
    const flat = chain('Floor');
    expect(reachable(flat.graph, flat.shapes, 'loss', ['w'])).toEqual([]);
  });

  test('refuse other floats than float32, and a loss of several numbers', () => {
    const { graph, shapes } = chain('Relu');
    const half = new Map(shapes).set('h', { type: 'float16', dims: [2, 2] });
    expect(() => gradients(graph, half, 'loss', ['w'])).toThrow('works in float16');
    expect(() => gradients(graph, shapes, 'y', ['w'])).toThrow(
      'must be one float32 number; received float32 of shape [2, 2]',
    );
    expect(() => gradients(graph, new Map([...shapes].filter(([name]) => name !== 'h')), 'loss', ['w'])).toThrow(
      'no static shape',
    );
  });

  test('refuse an output that the loss depends on and the rule does not read', () => {
    const graph = new GraphBuilder();
    graph.input('x', 'float32', [2, 2]);
    graph.parameter('w', float32([2, 2], [1, 2, 3, 4]));
    const [first, second] = graph.ops('Two', ['w'], 2) as [string, string];
    graph.op('ReduceSum', [graph.op('Add', [first, second])], { keepdims: 0 }, 'loss');
    const shapes = new Map(['x', 'w', first, second, 'Add'].map((name) => [name, matrix] as const));
    const two: GradientRule = { op: 'Two', gradient: (_, dy) => [dy] };
    const all = new Map(shapes).set('loss', scalar as never);
    expect(() => gradients(graph, all, 'loss', ['w'], [...standardRules, two])).toThrow(
      'has no gradient rule for its output "Two:1", which the loss depends on',
    );
  });

  test('take rules as values: one more, or another for the same operator', () => {
    const mine: GradientRule = { op: 'Attention', domain: 'com.microsoft', gradient: (c, dy) => [c.op('Neg', [dy])] };
    const { graph, shapes } = chain('Attention', 'com.microsoft');
    gradients(graph, shapes, 'loss', ['w'], [...standardRules, mine]);
    expect(graph.nodes.map(({ op }) => op)).toContain('Neg');
    const other = chain('Relu');
    gradients(
      other.graph,
      other.shapes,
      'loss',
      ['w'],
      [...standardRules, { op: 'Relu', gradient: (c, dy) => [c.op('Sign', [dy])] }],
    );
    expect(other.graph.nodes.map(({ op }) => op)).toContain('Sign');
  });

  test('stop a rule that reads an attribute it does not list', () => {
    const sly: GradientRule = { op: 'Relu', gradient: (c, dy) => (c.int('alpha', 0) > 0 ? [] : [dy]) };
    const { graph, shapes } = chain('Relu');
    expect(() => gradients(graph, shapes, 'loss', ['w'], [...standardRules, sly])).toThrow(
      'reads the attribute "alpha" and does not list it',
    );
  });
});
