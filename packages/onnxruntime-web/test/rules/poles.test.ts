import { readFileSync } from 'node:fs';
import {
  float32,
  GraphBuilder,
  gradients,
  lowerNodes,
  raiseOpset,
  readModel,
  standardRules,
  writeModel,
} from '@anneal/onnx';
import { expect, test } from 'vitest';
import { inferShapes } from '../../src/index.ts';
import { ort } from '../ort.ts';

interface Case {
  readonly name: string;
  readonly exporter: string;
  readonly x: readonly (number | string)[];
  readonly y: readonly (number | string)[];
  readonly gradient: readonly (number | string)[];
  /** The file, in base 64. */
  readonly model: string;
}

/** Recorded by tools/reference/onnx_poles.py. */
const { cases } = JSON.parse(readFileSync(new URL('fixtures/poles.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
};

const numbers = (values: readonly (number | string)[]): number[] =>
  values.map((value) => (typeof value === 'number' ? value : Number(value.replace('inf', 'Infinity'))));

test.each(cases)('$name, $exporter: value and gradient are PyTorch’s', async ({ x, y, gradient, model }) => {
  const raised = raiseOpset(readModel(Buffer.from(model, 'base64')));
  const graph = new GraphBuilder({
    ...raised,
    graph: { ...raised.graph, inputs: [{ name: 'x', type: 'float32', dims: [3, 4] }] },
  });
  const { name: output } = graph.outputs[0]!;
  let shapes = await inferShapes(ort, graph.model());
  const { dims } = shapes.get(output)!;
  const weights = Float32Array.from(y, (_, i) => Math.cos(1 + 2.3 * i));
  graph.op('Mul', [output, graph.parameter('weights', float32(dims, weights))], {}, 'weighted');
  graph.op('ReduceSum', ['weighted'], { keepdims: 0 }, 'loss');
  shapes = await inferShapes(ort, graph.model());
  if (lowerNodes(graph, shapes)) shapes = await inferShapes(ort, graph.model());
  const found = gradients(graph, shapes, 'loss', ['b'], standardRules);
  graph.output('db', found.get('b'));
  const session = await ort.InferenceSession.create(writeModel(graph.model()), { logSeverityLevel: 3 });
  const results = await session.run({ x: new ort.Tensor('float32', numbers(x), [3, 4]) });
  await session.release();
  expectClose([...(results[output]!.data as Float32Array)], numbers(y));
  expectClose([...(results['db']!.data as Float32Array)], numbers(gradient));
});

/** Within a few float32 units of the largest finite number of all; infinities and NaN in the same places. */
function expectClose(found: readonly number[], expected: readonly number[]): void {
  const finite = expected.filter(Number.isFinite).map(Math.abs);
  const bar = 2e-6 * Math.max(...finite, 1);
  const unlike = expected.filter(
    (value, i) => !(Object.is(value + 0, found[i]! + 0) || Math.abs(value - found[i]!) <= bar),
  );
  expect(unlike, `${found.join()} for ${expected.join()}`).toEqual([]);
}
