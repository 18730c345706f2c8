import { expect, test } from 'vitest';
import { dense } from '../layers/dense.ts';
import { GraphBuilder } from './graphBuilder.ts';
import { parameterNames } from './parameterNames.ts';
import { float32 } from './tensor.ts';

test('a single number is a parameter where it is the weight or bias of a layer, else a constant', () => {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', ['batch', 1]);
  const line = dense(graph, x, { name: 'line', inputs: 1, outputs: 1, weight: [1] });
  const scaled = graph.op('Mul', [line, graph.parameter('scale', float32([1], [0.5]))]);
  const product = graph.op('MatMul', [scaled, graph.parameter('v', float32([1, 1], [2]))]);
  const moved = graph.op('Add', [product, graph.parameter('offset', float32([1], [0]))]);
  graph.output('y', graph.op('Add', [moved, graph.parameter('epsilon', float32([], [1e-5]))]));
  expect(parameterNames(graph.model().graph)).toEqual(['line.weight', 'line.bias', 'v', 'offset']);
});
