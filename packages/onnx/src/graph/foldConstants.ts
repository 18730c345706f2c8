import type { Dim, GraphNode } from './model.ts';
import { sizeOf, type DataType, type Tensor } from './tensor.ts';

/** A constant of a graph: whole numbers and truth values as numbers too. */
interface Value {
  readonly type: DataType;
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

/** More elements are data, and no decision. */
const most = 4096;

const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  bool: Uint8Array,
} as const;

/** A tensor as a constant to compute with; undefined for what is none: weights, text, numbers of more than 53 bits. */
function valueOf({ type, dims, data }: Tensor): Value | undefined {
  if (!(type in arrays || type === 'int64') || sizeOf(dims) > most) return undefined;
  // A float tensor of several numbers may be a parameter.
  if (type.startsWith('float') && sizeOf(dims) > 1) return undefined;
  const numbers = Array.from(data as Int32Array, Number);
  return numbers.every((value) => !Number.isInteger(value) || Number.isSafeInteger(value))
    ? { type, dims, data: numbers }
    : undefined;
}

/** A tensor of a type from numbers. */
export function tensorFrom(type: DataType, dims: readonly number[], data: readonly number[]): Tensor | undefined {
  if (type === 'int64')
    return data.every(Number.isSafeInteger) ? { type, dims, data: BigInt64Array.from(data, BigInt) } : undefined;
  if (!(type in arrays)) return undefined;
  return { type, dims, data: arrays[type as keyof typeof arrays].from(data) };
}

type Fold = (inputs: readonly (Value | undefined)[], node: GraphNode) => Value | undefined;

const int = (node: GraphNode, name: string, fallback: number): number =>
  Number(node.attributes.get(name)?.value ?? fallback);

/** Element by element over operands that are broadcast against each other. */
const elementwise =
  (f: (...operands: number[]) => number, type?: DataType): Fold =>
  (inputs) => {
    const operands = inputs as readonly Value[];
    const rank = Math.max(...operands.map(({ dims }) => dims.length));
    const padded = operands.map(({ dims }) => [...Array<number>(rank - dims.length).fill(1), ...dims]);
    const dims = Array.from({ length: rank }, (_, axis) => {
      const sizes = padded.map((one) => one[axis] as number);
      return sizes.includes(0) ? 0 : Math.max(...sizes);
    });
    const data = Array.from({ length: sizeOf(dims) }, (_, i) => {
      const at = placesOf(i, dims);
      return f(
        ...operands.map(({ data: values }, k) => {
          const own = padded[k] as readonly number[];
          return values[
            own.reduce((index, dim, axis) => index * dim + (dim === 1 ? 0 : (at[axis] as number)), 0)
          ] as number;
        }),
      );
    });
    // Of Where, the condition stands first.
    return { type: type ?? (operands.at(-1) as Value).type, dims, data };
  };

const placesOf = (index: number, dims: readonly number[]): number[] =>
  dims.map((dim, axis) => Math.floor(index / sizeOf(dims.slice(axis + 1))) % dim);

const comparison = (f: (a: number, b: number) => boolean): Fold => elementwise((a, b) => Number(f(a, b)), 'bool');

const inShape = (value: Value, dims: readonly number[]): Value | undefined =>
  sizeOf(dims) === value.data.length ? { ...value, dims } : undefined;

const types: readonly (DataType | undefined)[] = [
  undefined,
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  undefined,
  'bool',
  undefined,
  'float64',
];

/** Operators that decide: on shapes, numbers and truth values. */
const folds: Readonly<Record<string, Fold>> = {
  Identity: ([x]) => x,
  Not: elementwise((a) => Number(a === 0), 'bool'),
  And: elementwise((a, b) => Number(a !== 0 && b !== 0), 'bool'),
  Or: elementwise((a, b) => Number(a !== 0 || b !== 0), 'bool'),
  Xor: elementwise((a, b) => Number((a !== 0) !== (b !== 0)), 'bool'),
  Equal: comparison((a, b) => a === b),
  Greater: comparison((a, b) => a > b),
  GreaterOrEqual: comparison((a, b) => a >= b),
  Less: comparison((a, b) => a < b),
  LessOrEqual: comparison((a, b) => a <= b),
  Add: elementwise((a, b) => a + b),
  Sub: elementwise((a, b) => a - b),
  Mul: elementwise((a, b) => a * b),
  Div: (inputs, node) => {
    const whole = !(inputs[0] as Value).type.startsWith('float');
    if (whole && (inputs[1] as Value).data.includes(0)) return undefined;
    const divided = elementwise((a, b) => (whole ? Math.trunc(a / b) : a / b));
    return divided(inputs, node);
  },
  Neg: elementwise((a) => -a),
  Abs: elementwise((a) => Math.abs(a)),
  Min: elementwise(Math.min),
  Max: elementwise(Math.max),
  Where: elementwise((condition, a, b) => (condition === 0 ? b : a)),
  Cast([x], node) {
    const type = types[int(node, 'to', 0)];
    const value = x as Value;
    if (type === undefined) return undefined;
    const convert =
      type === 'bool'
        ? (a: number): number => Number(a !== 0)
        : type.startsWith('float')
          ? (a: number): number => a
          : Math.trunc;
    return { ...value, type, data: value.data.map(convert) };
  },
  Size: ([x]) => ({ type: 'int64', dims: [], data: [(x as Value).data.length] }),
  Shape: ([x], node) => shapeValue((x as Value).dims, node),
  Reshape([x, shape]) {
    const [value, wanted] = [x as Value, (shape as Value).data];
    const dims = wanted.map((dim, axis) => (dim === 0 ? (value.dims[axis] ?? 0) : dim));
    const known = dims.filter((dim) => dim !== -1).reduce((a, b) => a * b, 1);
    return inShape(
      value,
      dims.map((dim) => (dim === -1 ? value.data.length / known : dim)),
    );
  },
  Squeeze([x, axes]) {
    const value = x as Value;
    const chosen = axes?.data.map((axis) => (axis + value.dims.length) % value.dims.length);
    return inShape(
      value,
      value.dims.filter((dim, axis) => (chosen === undefined ? dim !== 1 : !chosen.includes(axis))),
    );
  },
  Unsqueeze([x, axes]) {
    const value = x as Value;
    const rank = value.dims.length + (axes as Value).data.length;
    const chosen = (axes as Value).data.map((axis) => (axis + rank) % rank);
    const rest = [...value.dims];
    return inShape(
      value,
      Array.from({ length: rank }, (_, axis) => (chosen.includes(axis) ? 1 : (rest.shift() as number))),
    );
  },
  Concat(inputs) {
    const parts = inputs as readonly Value[];
    if (parts.some(({ dims }) => dims.length !== 1)) return undefined;
    const data = parts.flatMap((part) => [...part.data]);
    return { type: (parts[0] as Value).type, dims: [data.length], data };
  },
  Gather([x, indices]) {
    const [value, index] = [x as Value, indices as Value];
    if (value.dims.length !== 1) return undefined;
    const data = index.data.map((at) => value.data[at < 0 ? at + value.data.length : at]);
    return data.every((found) => found !== undefined) ? { type: value.type, dims: index.dims, data } : undefined;
  },
  Slice([x, starts, ends, axes, steps]) {
    const [value, start, end] = [x as Value, (starts as Value).data[0] as number, (ends as Value).data[0] as number];
    if (value.dims.length !== 1 || (steps?.data[0] ?? 1) !== 1 || (axes?.data[0] ?? 0) > 0) return undefined;
    const data = value.data.slice(start, end);
    return { type: value.type, dims: [data.length], data };
  },
};

function shapeValue(dims: readonly number[], node: GraphNode): Value {
  const data = dims.slice(int(node, 'start', 0), node.attributes.has('end') ? int(node, 'end', 0) : undefined);
  return { type: 'int64', dims: [data.length], data };
}

/**
 * The value of a node all of whose inputs are constants: numbers and truth values on which decisions are made, never what is made of weights.
 * Undefined where it has none, or is no operator that decides.
 *
 * @param constant the constants known by name
 * @param dimsOf what an input of the graph declares
 */
export function folded(
  node: GraphNode,
  constant: (name: string) => Tensor | undefined,
  dimsOf: (name: string) => readonly Dim[] | undefined,
): Tensor | undefined {
  if (node.domain !== '' || node.outputs.length !== 1 || !Object.hasOwn(folds, node.op)) return undefined;
  const dims = dimsOf(node.inputs[0] ?? '');
  let value: Value | undefined;
  if (node.op === 'Shape' && dims !== undefined) {
    if (!dims.every((dim) => typeof dim === 'number')) return undefined;
    value = shapeValue(dims, node);
  } else {
    const inputs = node.inputs.map((name) => {
      const tensor = name === '' ? undefined : constant(name);
      return tensor && valueOf(tensor);
    });
    if (node.inputs.some((name, i) => name !== '' && inputs[i] === undefined)) return undefined;
    value = folds[node.op]!(inputs, node);
  }
  return value && tensorFrom(value.type, value.dims, value.data);
}
