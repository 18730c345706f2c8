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
