import { GraphBuilder, gradients, lowerNodes, writeModel, type GradientRule, type Shapes } from '@anneal/onnx';
import type * as Onnxruntime from 'onnxruntime-web';
import { inferShapes } from '../../src/index.ts';
import { caseValues, type RuleCase } from './ruleCase.ts';

/** The gradient a rule gives and the one that central differences give, for each varied input. */
export interface Comparison {
  readonly input: number;
  readonly rule: Float32Array;
  readonly differences: Float64Array;
}

/** Where a case runs. */
export interface Runtime {
  readonly ort: Pick<typeof Onnxruntime, 'InferenceSession' | 'Tensor'>;
  /** Options of the session that computes the gradients; the differences are always taken on WebAssembly. */
  readonly gradients?: Onnxruntime.InferenceSession.SessionOptions;
}

/** Step of the differences, a power of two: x ± h and x ± 2h are exact in float32. */
const h = 2 ** -5;

/**
 * Compares a rule with differences of the loss L = Σ w·y, w fixed weights in [−1, 1], summed in double precision over the outputs that the
 * operator gives in float32. The five-point formula (8(L(x+h) − L(x−h)) − (L(x+2h) − L(x−2h)))/12h has the error h⁴/30·L⁽⁵⁾.
 */
export async function compareWithDifferences(
  testCase: RuleCase,
  rules: readonly GradientRule[],
  { ort, gradients: options = {} }: Runtime,
): Promise<Comparison[]> {
  const graph = new GraphBuilder();
  const values = new Map<string, Float32Array>();
  const dims = new Map<string, readonly number[]>();
  const names = testCase.inputs.map((input, i) => {
    if (input === undefined) return '';
    if ('type' in input) return graph.parameter(`c${i}`, input);
    const count = input.dims.reduce((a, b) => a * b, 1);
    values.set(`x${i}`, Float32Array.from(input.values ?? caseValues(count, i + 1, input.from)));
    dims.set(`x${i}`, input.dims);
    return graph.input(`x${i}`, 'float32', input.dims);
  });
  while (names.at(-1) === '') names.pop();
  const outputs = graph.ops(testCase.op, names, testCase.outputs ?? 1, testCase.attributes, 'y');
  const used = testCase.used?.map((i) => outputs[i] as string) ?? outputs;
  for (const output of used) graph.output(output);
  const model = { ...graph.model(), opsets: new Map([['', testCase.opset ?? 18]]) };
  const forward = await ort.InferenceSession.create(writeModel(model));
  const feeds = Object.fromEntries(
    [...values].map(([name, data]) => [name, new ort.Tensor('float32', data, dims.get(name))]),
  );

  const shapesOfForward = await inferShapes(ort, model);
  const weights = used.map((name, j) => {
    const shape = shapesOfForward.get(name)!.dims;
    const count = shape.reduce((a, b) => a * b, 1);
    return { shape, data: Float32Array.from({ length: count }, (_, i) => Math.cos(1 + 2.3 * i + j)) };
  });
  graph.outputs.length = 0;
  const terms = used.map((name, j) => {
    const weight = graph.parameter(`w${j}`, { type: 'float32', dims: weights[j]!.shape, data: weights[j]!.data });
    return graph.op('ReduceSum', [graph.op('Mul', [name, weight])], { keepdims: 0 });
  });
  const loss = terms.reduce((a, b) => graph.op('Add', [a, b]));
  const shapesOf = (): Promise<Shapes> => inferShapes(ort, { ...graph.model(), opsets: model.opsets });
  let shapes = await shapesOf();
  if (lowerNodes(graph, shapes)) shapes = await shapesOf();
  const found = gradients(graph, shapes, loss, [...values.keys()], rules);
  for (const [name, gradient] of found) graph.output(`d${name}`, gradient);
  const backward = await ort.InferenceSession.create(writeModel({ ...graph.model(), opsets: model.opsets }), {
    ...options,
  });
  const results = await backward.run(feeds);

  const lossAt = async (): Promise<number> => {
    const result = await forward.run(feeds);
    return used.reduce((sum, name, j) => {
      const data = result[name]!.data as Float32Array;
      return sum + data.reduce((part, value, i) => part + value * weights[j]!.data[i]!, 0);
    }, 0);
  };
  const comparisons: Comparison[] = [];
  for (const [name, data] of values) {
    // NaN where nothing was varied: of large inputs every few elements are, the first and the last among them.
    const differences = new Float64Array(data.length).fill(Number.NaN);
    const stride = Math.max(1, Math.ceil((data.length - 1) / 20));
    for (let i = 0; i < data.length; i = i === data.length - 1 ? data.length : Math.min(i + stride, data.length - 1)) {
      const center = data[i]!;
      const at = async (offset: number): Promise<number> => {
        data[i] = center + offset;
        feeds[name] = new ort.Tensor('float32', data, dims.get(name));
        return lossAt();
      };
      const near = (await at(h)) - (await at(-h));
      const far = (await at(2 * h)) - (await at(-2 * h));
      differences[i] = (8 * near - far) / (12 * h);
      data[i] = center;
    }
    feeds[name] = new ort.Tensor('float32', data, dims.get(name));
    comparisons.push({ input: Number(name.slice(1)), rule: results[`d${name}`]!.data as Float32Array, differences });
  }
  await forward.release();
  await backward.release();
  return comparisons;
}
