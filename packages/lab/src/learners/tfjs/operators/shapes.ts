import { sizeOf, type DataType } from '@anneal/onnx';
import type { HostResult, Operator, OperatorContext } from './operator.ts';
import { isFloat, isHost, roundTo } from './value.ts';

/** The elements stay as they are, in their order, in a shape made from the old one. */
const reshaping = (
  op: string,
  to: (c: OperatorContext, dims: readonly number[]) => number[],
  attributes: readonly string[] = [],
): Operator => {
  const dimsFor = (c: OperatorContext): number[] => {
    const dims = to(c, c.dims(0));
    if (sizeOf(dims) !== sizeOf(c.dims(0))) c.refuse(`from the shape [${c.dims(0).join()}] to [${dims.join()}]`);
    return dims;
  };
  return {
    op,
    attributes,
    inputs: [0],
    host: (c) => ({ dims: dimsFor(c), data: c.host(0).data }),
    device: (c) => c.tf.reshape(c.tensor(0), dimsFor(c)),
  };
};

function reshaped(c: OperatorContext, dims: readonly number[]): number[] {
  const asked = c.list(1) ?? [];
  const copies = c.int('allowzero', 0) === 0;
  const filled = asked.map((dim, i) => (dim === 0 && copies ? (dims[i] as number) : dim));
  const known = filled.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
  return filled.map((dim) => (dim === -1 ? sizeOf(dims) / known : dim));
}

function flattened(c: OperatorContext, dims: readonly number[]): number[] {
  const given = c.int('axis', 1);
  const axis = given < 0 ? given + dims.length : given;
  return [sizeOf(dims.slice(0, axis)), sizeOf(dims.slice(axis))];
}

function squeezed(c: OperatorContext, dims: readonly number[]): number[] {
  const axes = c.list(1)?.map((axis) => c.axisOf(axis, dims.length));
  return dims.filter((dim, i) => (axes === undefined ? dim !== 1 : !axes.includes(i)));
}

function unsqueezed(c: OperatorContext, dims: readonly number[]): number[] {
  const list = c.list(1) ?? [];
  const rank = dims.length + list.length;
  const axes = new Set(list.map((axis) => c.axisOf(axis, rank)));
  const rest = [...dims];
  return Array.from({ length: rank }, (_, i) => (axes.has(i) ? 1 : (rest.shift() as number)));
}

/** By their number in TensorProto.DataType. */
const targets: Readonly<Record<number, DataType>> = {
  1: 'float32',
  2: 'uint8',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  11: 'float64',
};

const cast = (op: string, attributes: readonly string[], to: (c: OperatorContext) => DataType): Operator => ({
  op,
  attributes,
  inputs: [0],
  hostFloats: true,
  host(c) {
    const type = to(c);
    const { data, dims } = c.host(0);
    const whole = !isFloat(type) && type !== 'bool';
    // A whole number beyond 2⁵³ stays one: the end of a slice without an end.
    const isBeyond = (x: number): boolean => type === 'int64' && !Number.isFinite(x) && !isFloat(c.type(0));
    const numbers = Float64Array.from(data, (x) => (isBeyond(x) ? x : roundTo(type, whole ? Math.trunc(x) : x)));
    if (whole && numbers.some(Number.isNaN)) c.refuse(`on a number that ${type} cannot hold exactly here`);
    return { dims, data: numbers, type };
  },
  device(c) {
    const [type, from] = [to(c), c.type(0)];
    if (type === from) return { type, tensor: c.tensor(0) };
    if (type === 'float32') return c.tf.cast(c.tensor(0), 'float32');
    if (type === 'bool') return c.tf.notEqual(c.tensor(0), c.tf.scalar(0, c.tensor(0).dtype as 'float32'));
    if (type === 'int32' || (type === 'int64' && from !== 'float32'))
      return { type, tensor: c.tf.cast(c.tensor(0), 'int32') };
    return c.refuse(
      type === 'int64'
        ? 'to int64 from floats that are computed; TensorFlow.js has int32 alone: cast to int32'
        : `to ${type}; TensorFlow.js has float32, int32 and bool`,
    );
  },
});

/** Numbers about a value's shape: known before anything runs. */
const shapeFact = (
  op: string,
  attributes: readonly string[],
  of: (c: OperatorContext, dims: readonly number[]) => HostResult,
): Operator => ({
  op,
  attributes,
  inputs: [],
  device: (c) => ({ ...of(c, c.dims(0)), type: 'int64', fixed: true }),
});

/** Shapes, and what changes or follows from them alone. */
export const shapeOperators: readonly Operator[] = [
  reshaping('Reshape', reshaped, ['allowzero']),
  reshaping('Flatten', flattened, ['axis']),
  reshaping('Squeeze', squeezed),
  reshaping('Unsqueeze', unsqueezed),
  {
    op: 'Identity',
    host: (c) => c.host(0),
    device: (c) => ({ type: c.type(0), tensor: c.tf.clone(c.tensor(0)) }),
  },
  cast(
    'Cast',
    ['saturate', 'to'],
    (c) => targets[c.int('to', 0)] ?? c.refuse(`to the element type of number ${c.int('to', 0)}`),
  ),
  cast('CastLike', ['saturate'], (c) => c.type(1)),
  shapeFact('Shape', ['end', 'start'], (c, dims) => {
    const slice = dims.slice(c.int('start', 0), c.int('end', dims.length));
    return { dims: [slice.length], data: Float64Array.from(slice) };
  }),
  shapeFact('Size', [], (_, dims) => ({ dims: [], data: Float64Array.of(sizeOf(dims)) })),
  {
    op: 'ConstantOfShape',
    attributes: ['value'],
    inputs: [],
    host(c) {
      const dims = c.list(0) ?? [];
      const given = c.node.attributes.get('value');
      const tensor = given?.kind === 'tensor' ? given.value : undefined;
      const value = Number(tensor?.data[0] ?? 0);
      return { dims, type: tensor?.type ?? 'float32', data: new Float64Array(sizeOf(dims)).fill(value) };
    },
  },
  {
    op: 'Range',
    inputs: [],
    host(c) {
      const [start, limit, step] = [0, 1, 2].map((i) => c.scalar(i, 0)) as [number, number, number];
      const length = Math.max(0, Math.ceil((limit - start) / step));
      if (!(length <= 2 ** 24)) c.refuse(`from ${start} to ${limit} by ${step}`);
      return { dims: [length], data: Float64Array.from({ length }, (_, i) => roundTo(c.type(0), start + i * step)) };
    },
  },
];

/** Whether a value is known without a batch. */
export const isFixed = (c: OperatorContext, input: number): boolean => {
  const value = c.value(input);
  return isHost(value) && value.fixed;
};
