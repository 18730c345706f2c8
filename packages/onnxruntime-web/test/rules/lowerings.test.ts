import {
  float32,
  GraphBuilder,
  gradients,
  int64,
  lowerNodes,
  OnnxError,
  standardLowerings,
  writeModel,
  type Model,
  type Tensor,
} from '@anneal/onnx';
import { describe, expect, test } from 'vitest';
import { inferShapes } from '../../src/index.ts';
import { ort } from '../ort.ts';
import { attentionCases } from './attentionCases.ts';
import { normalizationCases } from './imageCases.ts';
import { recurrentCases } from './recurrentCases.ts';
import { caseValues, type RuleCase } from './ruleCase.ts';

const lowered = new Set(standardLowerings.map(({ op }) => op));
const cases = [...recurrentCases, ...normalizationCases, ...attentionCases].filter(({ op }) => lowered.has(op));

function build({ op, inputs, attributes, outputs = 1, opset = 18 }: RuleCase): GraphBuilder {
  const graph = new GraphBuilder({ ...new GraphBuilder().model(), opsets: new Map([['', opset]]) });
  const names = inputs.map((input, i) => {
    if (input === undefined) return '';
    if ('type' in input) return graph.parameter(`p${i}`, input);
    const values =
      input.values ??
      caseValues(
        input.dims.reduce((a, b) => a * b, 1),
        i + 1,
        input.from,
      );
    return graph.parameter(`p${i}`, float32(input.dims, values));
  });
  // A graph needs an input to be fed.
  const x = graph.op('Add', [names[0] as string, graph.input('zero', 'float32', [1])]);
  for (const name of graph.ops(op, [x, ...names.slice(1)], outputs, attributes, 'y')) graph.output(name);
  return graph;
}

async function run(model: Model): Promise<Record<string, Float32Array>> {
  const session = await ort.InferenceSession.create(writeModel(model), { logSeverityLevel: 3 });
  const results = await session.run({ zero: new ort.Tensor('float32', [0], [1]) });
  await session.release();
  return Object.fromEntries(session.outputNames.map((name) => [name, results[name]!.data as Float32Array]));
}

test.each([1, 2])('LpNormalization leaves a row of zeros as the kernel does, p = %i', async (p) => {
  const zeros: RuleCase = {
    op: 'LpNormalization',
    inputs: [{ dims: [2, 3], values: [0, 0, 0, 1, 2, -2] }],
    attributes: { axis: 1, p },
  };
  const graph = build(zeros);
  const before = graph.model();
  expect(lowerNodes(graph, await inferShapes(ort, before))).toBe(true);
  const [kernel, lowered] = [await run(before), await run(graph.model())];
  expect([...lowered['y']!].slice(0, 3)).toEqual([0, 0, 0]);
  expect(lowered['y']).toEqual(kernel['y']);
});

describe('a lowered operator computes what the kernel of the runtime does:', () => {
  test.each(cases.map((one) => [`${one.op} ${JSON.stringify(one.attributes ?? {})} ${one.note ?? ''}`, one] as const))(
    '%s',
    async (_, one) => {
      const graph = build(one);
      const before = graph.model();
      expect(lowerNodes(graph, await inferShapes(ort, before))).toBe(true);
      expect(graph.nodes.some(({ op }) => op === one.op)).toBe(false);
      const [kernel, lowered] = [await run(before), await run(graph.model())];
      expect(Object.keys(lowered)).toEqual(Object.keys(kernel));
      // σ and tanh of the kernels and of the operators are different approximations, each within an ulp or two.
      for (const name of Object.keys(kernel)) {
        const scale = Math.max(1, ...kernel[name]!.map(Math.abs));
        lowered[name]!.forEach((value, i) => expect(Math.abs(value - kernel[name]![i]!)).toBeLessThan(1e-6 * scale));
      }
    },
  );
});

describe('a part of a sequence', () => {
  const list = (...values: number[]): Tensor => int64([values.length], values);
  const whole = (value: number): Tensor => int64([], [value]);

  test.each<[string, Tensor | undefined, number, Record<string, number>]>([
    ['a list of widths', list(1, 3, 2), 1, { axis: 1 }],
    ['one width, from the end', whole(4), -1, { axis: -1 }],
    ['one width', whole(2), 1, { axis: 1 }],
    ['no width', undefined, 2, {}],
    ['no width and no axis left', undefined, 4, { axis: 1, keepdims: 0 }],
  ])('is what the runtime takes, with a gradient: %s', async (_, split, place, attributes) => {
    const graph = new GraphBuilder();
    const x = graph.input('x', 'float32', [3, 6]);
    const inputs = [x, ...(split === undefined ? [] : [graph.parameter('split', split)])];
    const sequence = graph.op('SplitToSequence', inputs, attributes);
    const part = graph.op('SequenceAt', [sequence, graph.parameter('place', whole(place))], {}, 'part');
    graph.op('ReduceSum', [graph.op('Mul', [part, part])], { keepdims: 0 }, 'loss');
    graph.output('part');
    const before = graph.model();
    expect(lowerNodes(graph, await inferShapes(ort, before))).toBe(true);
    const [found] = gradients(graph, await inferShapes(ort, graph.model()), 'loss', [x]).values();
    graph.output('gradient', found);
    const values = Float32Array.from({ length: 18 }, (__, i) => i + 1);
    const feeds = { x: new ort.Tensor('float32', values, [3, 6]) };
    const [original, lowered] = await Promise.all(
      [before, graph.model()].map((model) => ort.InferenceSession.create(writeModel(model), { logSeverityLevel: 3 })),
    );
    const { part: expected } = await original!.run(feeds);
    const results = await lowered!.run(feeds);
    expect([results['part']!.dims, results['part']!.data]).toEqual([expected!.dims, expected!.data]);
    // Σx² over the part: 2x there, 0 elsewhere; all numbers differ.
    const inPart = new Set(expected!.data as Float32Array);
    expect(results['gradient']!.data).toEqual(values.map((value) => (inPart.has(value) ? 2 * value : 0)));
  });
});

describe('lowerNodes', () => {
  const lstm = recurrentCases[0] as RuleCase;

  test('leaves alone what nothing trained reaches', async () => {
    const graph = build(lstm);
    const before = graph.model();
    const shapes = await inferShapes(ort, before);
    expect(lowerNodes(graph, shapes, undefined, [])).toBe(false);
    expect(graph.model()).toEqual(before);
    expect(lowerNodes(graph, shapes, undefined, ['p2'])).toBe(true);
  });

  const attention = attentionCases[0] as RuleCase;

  test.each<[RuleCase, RuleCase['attributes'], string]>([
    [lstm, { clip: { kind: 'float', value: 3 } }, 'the attribute "clip"'],
    [lstm, { input_forget: 1 }, 'input_forget 1'],
    [
      lstm,
      { activations: { kind: 'strings', value: ['Sigmoid', 'Relu', 'Tanh'] } },
      'the activations Sigmoid, Relu, Tanh',
    ],
    [attention, { softcap: { kind: 'float', value: 20 } }, 'softcap'],
  ])('refuses by name: %o %o', async (one, attributes, what) => {
    const graph = build({ ...one, attributes: { ...one.attributes, ...attributes } });
    const shapes = await inferShapes(ort, graph.model());
    const message = `the operator (node "y") has no gradient rule for ${what}`;
    expect(() => lowerNodes(graph, shapes)).toThrow(new OnnxError('noGradient', one.op, message));
  });
});
