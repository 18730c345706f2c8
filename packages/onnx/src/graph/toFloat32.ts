import { concatBytes } from '../codec/concatBytes.ts';
import { WireReader } from '../codec/wireReader.ts';
import type { Attribute, Graph, GraphNode, Model, ValueInfo } from './model.ts';
import { dataTypeNumber, isOtherFloat, otherFloats, sizeOf, type Tensor } from './tensor.ts';

/**
 * The same model in float32, in which gradients are taken: float16, bfloat16 and float64 weights, constants, inputs, outputs and casts.
 * 16-bit numbers are kept exactly, float64 ones are rounded once. Batches then hold float32 where the file had the others.
 */
export const toFloat32 = (model: Model): Model => ({ ...model, graph: convertGraph(model.graph) });

function convertGraph(graph: Graph): Graph {
  const { extra, ...rest } = graph;
  const kept = extra === undefined ? undefined : withoutValueInfo(extra);
  return {
    ...rest,
    ...(kept !== undefined && kept.length > 0 && { extra: kept }),
    initializers: new Map([...graph.initializers].map(([name, tensor]) => [name, convertTensor(tensor)])),
    inputs: graph.inputs.map(convertInfo),
    outputs: graph.outputs.map(convertInfo),
    nodes: graph.nodes.map(convertNode),
  };
}

const convertInfo = (info: ValueInfo): ValueInfo => (isOtherFloat(info.type) ? { ...info, type: 'float32' } : info);

/** Attributes that name an element type. */
const typed = new Set(['to', 'dtype', 'output_dtype', 'stash_type', 'softmax_precision']);
const otherNumbers = new Set(otherFloats.map(dataTypeNumber));

const convertNode = (node: GraphNode): GraphNode => ({
  ...node,
  attributes: new Map([...node.attributes].map(([name, attribute]) => [name, convertAttribute(name, attribute)])),
});

function convertAttribute(name: string, attribute: Attribute): Attribute {
  if (attribute.kind === 'graph') return { kind: 'graph', value: convertGraph(attribute.value) };
  if (attribute.kind === 'tensor') return { kind: 'tensor', value: convertTensor(attribute.value) };
  const isType = attribute.kind === 'int' && typed.has(name) && otherNumbers.has(Number(attribute.value));
  return isType ? { kind: 'int', value: dataTypeNumber('float32') } : attribute;
}

function convertTensor(tensor: Tensor): Tensor {
  const { type, dims, data } = tensor;
  if (!isOtherFloat(type)) return tensor;
  const read = type === 'float64' ? Number : type === 'bfloat16' ? fromBfloat16 : fromFloat16;
  const values = new Float32Array(sizeOf(dims));
  for (let i = 0; i < values.length; i++) values[i] = read((data as Uint16Array)[i]!);
  return { type: 'float32', dims, data: values };
}

/** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */
function fromFloat16(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const word = new Uint32Array(1);
const asFloat = new Float32Array(word.buffer);

/** The upper half of a float32. */
function fromBfloat16(bits: number): number {
  word[0] = bits << 16;
  return asFloat[0]!;
}

/** The fields of a graph that this package keeps as bytes, but for the types of values between nodes (field 13). */
function withoutValueInfo(extra: Uint8Array): Uint8Array {
  const reader = new WireReader(extra);
  const parts: Uint8Array[] = [];
  while (reader.next()) {
    const raw = reader.raw();
    if (reader.field !== 13) parts.push(raw);
  }
  return concatBytes(parts);
}
