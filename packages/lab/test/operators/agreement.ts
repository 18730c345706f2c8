import {
  GraphBuilder,
  gradients,
  lowerNodes,
  OnnxError,
  sizeOf,
  writeModel,
  type Model,
  type Tensor,
} from '@anneal/onnx';
import { inferShapes } from '@anneal/onnxruntime-web';
import type { Scalar, Tensor as TfTensor } from '@tensorflow/tfjs-core';
import type * as Ort from 'onnxruntime-web/wasm';
import type { Batch } from '../../src/data/tensor.ts';
import { openForward } from '../../src/learners/tfjs/forward.ts';
import type { Tfjs } from '../../src/learners/tfjs/operators/operator.ts';
import type { Floats, OperatorCase } from './operatorCase.ts';

/** What one use of an operator gives: outputs, and the gradient of a weighted sum of them by each of its floats. */
export interface Outcome {
  readonly outputs: readonly Float64Array[];
  readonly gradients: ReadonlyMap<string, ArrayLike<number>>;
  /** By differences: @anneal/onnx has no rule for the operator. */
  readonly byDifferences?: boolean;
}

interface Built {
  readonly model: Model;
  readonly outputs: readonly string[];
  readonly parameters: readonly string[];
  readonly feeds: ReadonlyMap<string, Tensor>;
}

const isFloats = (input: object): input is Floats => 'values' in input;

/** The operator with its floats as weights of the model; what comes with the batch, and one number, as its inputs. */
function build({ op, inputs, attributes, outputs = 1, opset = 18 }: OperatorCase): Built {
  const graph = new GraphBuilder({ ...new GraphBuilder().model(), opsets: new Map([['', opset]]) });
  const feeds = new Map<string, Tensor>([['zero', { type: 'float32', dims: [], data: new Float32Array(1) }]]);
  graph.input('zero', 'float32', []);
  const parameters: string[] = [];
  const names = inputs.map((input, i) => {
    if (input === undefined) return '';
    if (isFloats(input)) {
      parameters.push(`x${i}`);
      return graph.parameter(`x${i}`, { type: 'float32', dims: input.dims, data: Float32Array.from(input.values) });
    }
    if (!('fed' in input)) return graph.parameter(`c${i}`, input);
    feeds.set(`f${i}`, input.fed);
    return graph.input(`f${i}`, input.fed.type, input.fed.dims);
  });
  while (names.at(-1) === '') names.pop();
  const made = graph.ops(op, names, outputs, attributes, 'y');
  for (const name of made) graph.output(name);
  return { model: graph.model(), outputs: made, parameters, feeds };
}

const numbersOf = (data: ArrayLike<number | bigint>): Float64Array =>
  Float64Array.from(data as ArrayLike<number>, Number);

/** The loss Σ w·y with fixed weights in [−1, 1], over the outputs of floats. */
const weightOf = (i: number, output: number): number => Math.fround(Math.cos(1 + 2.3 * i + output));

/** The model with the loss as its last output, named "loss". */
async function withLoss(ort: typeof Ort, { model, outputs }: Built): Promise<GraphBuilder> {
  const shapes = await inferShapes(ort, { ...model, graph: { ...model.graph, outputs: [] } });
  const graph = new GraphBuilder(model);
  const terms = outputs.flatMap((name, j) => {
    const shape = shapes.get(name);
    if (shape?.type !== 'float32') return [];
    const data = Float32Array.from({ length: sizeOf(shape.dims) }, (_, i) => weightOf(i, j));
    const weight = graph.parameter(`weight${j}`, { type: 'float32', dims: shape.dims, data });
    return [graph.op('ReduceSum', [graph.op('Mul', [name, weight])], { keepdims: 0 })];
  });
  graph.op('Add', [terms.reduce((a, b) => graph.op('Add', [a, b])), 'zero'], {}, 'loss');
  return graph;
}

const asInputs = (graph: GraphBuilder, names: readonly string[]): void => {
  for (const name of names) {
    const { type, dims } = graph.initializers.get(name) as Tensor;
    graph.initializers.delete(name);
    graph.inputs.push({ name, type, dims });
  }
};

async function run(
  ort: typeof Ort,
  model: Model,
  feeds: ReadonlyMap<string, Tensor>,
): Promise<Ort.InferenceSession.ReturnType> {
  const session = await ort.InferenceSession.create(writeModel(model), { logSeverityLevel: 3 });
  const given = Object.fromEntries(session.inputNames.map((name) => [name, tensorOf(ort, feeds.get(name) as Tensor)]));
  const results = await session.run(given);
  await session.release();
  return results;
}

const tensorOf = (ort: typeof Ort, { type, dims, data }: Tensor): Ort.Tensor =>
  new ort.Tensor(type as 'float32', data as Float32Array, dims);

/** onnxruntime's answer: its kernels, and the gradient by the rules of @anneal/onnx, or central differences where they have none. */
export async function onOnnxruntime(ort: typeof Ort, one: OperatorCase): Promise<Outcome> {
  const built = build(one);
  const results = await run(ort, built.model, built.feeds);
  const outputs = built.outputs.map((name) => numbersOf(results[name]!.data as Float32Array));
  if (one.forwardAlone === true || built.parameters.length === 0) return { outputs, gradients: new Map() };
  const graph = await withLoss(ort, built);
  const before = graph.model();
  try {
    graph.outputs.length = 0;
    let shapes = await inferShapes(ort, graph.model());
    if (lowerNodes(graph, shapes)) shapes = await inferShapes(ort, graph.model());
    const found = gradients(graph, shapes, 'loss', built.parameters);
    for (const [name, gradient] of found) graph.output(`d${name}`, gradient);
    const all = await run(ort, graph.model(), built.feeds);
    return {
      outputs,
      gradients: new Map([...found.keys()].map((name) => [name, all[`d${name}`]!.data as Float32Array])),
    };
  } catch (error) {
    if (!(error instanceof OnnxError) || error.code !== 'noGradient') throw error;
    return { outputs, gradients: await differences(ort, built, before), byDifferences: true };
  }
}

/** (8(L(x+h) − L(x−h)) − (L(x+2h) − L(x−2h)))/12h, the sum taken in double precision. */
async function differences(
  ort: typeof Ort,
  { parameters, outputs, feeds }: Built,
  model: Model,
): Promise<ReadonlyMap<string, Float64Array>> {
  const h = 2 ** -5;
  const graph = new GraphBuilder(model);
  const values = new Map(parameters.map((name) => [name, graph.initializers.get(name) as Tensor]));
  asInputs(graph, parameters);
  graph.outputs.length = 0;
  for (const name of outputs) graph.outputs.push({ name });
  const session = await ort.InferenceSession.create(writeModel(graph.model()), { logSeverityLevel: 3 });
  const lossAt = async (): Promise<number> => {
    const all = new Map([...feeds, ...values]);
    const results = await session.run(
      Object.fromEntries(session.inputNames.map((name) => [name, tensorOf(ort, all.get(name) as Tensor)])),
    );
    return outputs.reduce((sum, name, j) => {
      const { data, type } = results[name]!;
      return type === 'float32'
        ? numbersOf(data as Float32Array).reduce((part, y, i) => part + y * weightOf(i, j), sum)
        : sum;
    }, 0);
  };
  const found = new Map<string, Float64Array>();
  for (const [name, { data }] of values) {
    const numbers = data as Float32Array;
    const slopes = new Float64Array(numbers.length);
    for (let i = 0; i < numbers.length; i += 1) {
      const center = numbers[i] as number;
      const at = async (offset: number): Promise<number> => {
        numbers[i] = center + offset;
        return lossAt();
      };
      const near = (await at(h)) - (await at(-h));
      slopes[i] = (8 * near - ((await at(2 * h)) - (await at(-2 * h)))) / (12 * h);
      numbers[i] = center;
    }
    found.set(name, slopes);
  }
  await session.release();
  return found;
}

/** What interpreting gives on the backend that is set: predicted outputs, and what TensorFlow.js differentiates. */
export async function onTfjs(tf: Tfjs, ort: typeof Ort, one: OperatorCase): Promise<Outcome> {
  const built = build(one);
  const isTrained = one.forwardAlone !== true && built.parameters.length > 0;
  const graph = isTrained ? await withLoss(ort, built) : withAnyLoss(built);
  const feeds = new Map([...built.feeds].map(([name, tensor]) => [name, tensor] as const));
  const batch = Object.fromEntries(feeds) as unknown as Batch;
  const forward = openForward(tf, graph.model(), {
    loss: () => 'loss',
    batch,
    batchNormalization: 'stored',
    trainable: isTrained ? built.parameters : ['any'],
  });
  const values = [...forward.parameters].map(
    ([name, { data, dims }]) => [name, tf.tensor(data as Float32Array, [...dims])] as const,
  );
  const predicted = await forward.predict(new Map(values), batch);
  const outputs = built.outputs.map((name) => numbersOf(predicted[name]!.data as Float32Array));
  const found = new Map<string, ArrayLike<number>>();
  if (isTrained) {
    const f = (...xs: TfTensor[]): Scalar =>
      forward.loss(new Map(values.map(([name], i) => [name, xs[i] as TfTensor])), batch).loss;
    const grads = tf.tidy(() => tf.grads(f)(values.map(([, tensor]) => tensor)));
    for (const [i, [name]] of values.entries()) found.set(name, (await grads[i]!.data()) as Float32Array);
    tf.dispose(grads);
  }
  for (const [, tensor] of values) tensor.dispose();
  forward.dispose();
  return { outputs, gradients: found };
}

/** What has no gradient stands beside a weight that has one: a model without is refused. */
function withAnyLoss({ model }: Built): GraphBuilder {
  const graph = new GraphBuilder(model);
  graph.parameter('any', { type: 'float32', dims: [], data: Float32Array.of(1) });
  graph.op('Mul', ['any', 'zero'], {}, 'loss');
  return graph;
}
