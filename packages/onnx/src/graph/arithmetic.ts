import type { AttributeInput } from './graphBuilder.ts';

/** What writes nodes: a graph builder, or the context of a gradient rule. */
export interface NodeWriter {
  op(op: string, inputs: readonly string[], attributes?: Readonly<Record<string, AttributeInput>>): string;
  scalar(value: number): string;
  list(values: readonly number[]): string;
}

/** A value by name, or a float32 constant. */
export type Operand = string | number;

const nameOf = (g: NodeWriter, x: Operand): string => (typeof x === 'number' ? g.scalar(x) : x);

export const add = (g: NodeWriter, a: Operand, b: Operand): string => g.op('Add', [nameOf(g, a), nameOf(g, b)]);
export const sub = (g: NodeWriter, a: Operand, b: Operand): string => g.op('Sub', [nameOf(g, a), nameOf(g, b)]);
export const mul = (g: NodeWriter, a: Operand, b: Operand): string => g.op('Mul', [nameOf(g, a), nameOf(g, b)]);
export const div = (g: NodeWriter, a: Operand, b: Operand): string => g.op('Div', [nameOf(g, a), nameOf(g, b)]);
export const neg = (g: NodeWriter, x: string): string => g.op('Neg', [x]);
export const exp = (g: NodeWriter, x: string): string => g.op('Exp', [x]);
export const sqrt = (g: NodeWriter, x: string): string => g.op('Sqrt', [x]);
export const greater = (g: NodeWriter, a: Operand, b: Operand): string => g.op('Greater', [nameOf(g, a), nameOf(g, b)]);
export const less = (g: NodeWriter, a: Operand, b: Operand): string => g.op('Less', [nameOf(g, a), nameOf(g, b)]);
/** condition ? a : b, element by element. */
export const where = (g: NodeWriter, condition: string, a: Operand, b: Operand): string =>
  g.op('Where', [condition, nameOf(g, a), nameOf(g, b)]);
/** Sum over axes; over all without them. */
export const reduceSum = (g: NodeWriter, x: string, axes?: readonly number[], keepdims: 0 | 1 = 1): string =>
  g.op('ReduceSum', axes === undefined ? [x] : [x, g.list(axes)], { keepdims });
/** Mean over axes, which are kept. */
export const reduceMean = (g: NodeWriter, x: string, axes: readonly number[]): string =>
  g.op('ReduceMean', [x, g.list(axes)], { keepdims: 1 });
export const matMul = (g: NodeWriter, a: string, b: string): string => g.op('MatMul', [a, b]);
export const transpose = (g: NodeWriter, x: string, perm: readonly number[]): string =>
  g.op('Transpose', [x], { perm });
export const reshape = (g: NodeWriter, x: string, dims: readonly number[]): string =>
  g.op('Reshape', [x, g.list(dims)], dims.includes(0) ? { allowzero: 1 } : {});
/** Repeats a value up to a shape. */
export const expand = (g: NodeWriter, x: string, dims: readonly number[]): string => g.op('Expand', [x, g.list(dims)]);
export const zeros = (g: NodeWriter, dims: readonly number[]): string => expand(g, g.scalar(0), dims);
/** 1 where two values are equal, 0 elsewhere, in float32. */
export const equality = (g: NodeWriter, a: string, b: string): string =>
  g.op('Cast', [g.op('Equal', [a, b])], { to: 1 });
/** 1/√(variance + ε) */
export const inverseDeviation = (g: NodeWriter, variance: string, epsilon: number): string =>
  g.op('Reciprocal', [sqrt(g, add(g, variance, epsilon))]);
/** Axes 2 and following, of [N, C, …]. */
export const spatialAxes = (dims: readonly number[]): number[] => dims.slice(2).map((_, i) => i + 2);
/** A value per channel in the shape in which it is broadcast against [N, C, …]. */
export const perChannel = (g: NodeWriter, x: string, dims: readonly number[]): string =>
  reshape(
    g,
    x,
    dims.slice(1).map((dim, i) => (i === 0 ? dim : 1)),
  );
/** 0, 1, …, n − 1 */
export const upTo = (n: number): number[] => [...Array(n).keys()];
