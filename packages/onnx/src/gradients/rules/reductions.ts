import { div, equality, exp, expand, mul, reshape, sub, where } from '../../graph/arithmetic.ts';
import type { GradientContext, GradientRule } from '../gradientRule.ts';

/** The shape of the result with the reduced axes kept as 1. */
function keptDims(c: GradientContext): readonly number[] {
  const dims = c.dims(c.input(0));
  const axesInput = c.input(1);
  const keepdims = c.int('keepdims', 1);
  const noop = c.int('noop_with_empty_axes', 0);
  if (keepdims === 1) return c.dims(c.output());
  let axes: number[] = [];
  if (axesInput !== '') {
    const tensor = c.constant(axesInput) ?? c.refuse('axes that are not constant');
    axes = [...(tensor.data as BigInt64Array)].map((axis) => (Number(axis) + dims.length) % dims.length);
  }
  if (axes.length === 0 && noop === 1) return dims;
  return dims.map((dim, i) => (axes.length === 0 || axes.includes(i) ? 1 : dim));
}

/** `local(c, dy, y)` gives dx from dy and y, both brought to the shape with the reduced axes kept. */
const reduction = (
  op: string,
  local: (c: GradientContext, dy: string, y: string, count: number) => string,
): GradientRule => ({
  op,
  attributes: ['keepdims', 'noop_with_empty_axes'],
  inputs: [0],
  gradient(c, dy) {
    const dims = c.dims(c.input(0));
    const kept = keptDims(c);
    const count = dims.reduce((product, dim, i) => (kept[i] === dim ? product : product * dim), 1);
    const shaped = (value: string): string =>
      kept.length === c.dims(c.output()).length ? value : reshape(c, value, kept);
    return [local(c, shaped(dy), shaped(c.output()), count)];
  },
});

const spread = (c: GradientContext, value: string): string => expand(c, value, c.dims(c.input(0)));

/** The elements that are the extreme share the gradient equally, as PyTorch's amax and amin. */
const extreme = (c: GradientContext, dy: string, y: string): string => {
  const mask = equality(c, c.input(0), y);
  const axes = c.input(1) === '' ? [] : [c.input(1)];
  const noop = c.int('noop_with_empty_axes', 0);
  const count = c.op('ReduceSum', [mask, ...axes], { keepdims: 1, noop_with_empty_axes: noop });
  return mul(c, mask, div(c, dy, count));
};

/** Reductions over axes given as an input (operator set 18). */
export const reductionRules: readonly GradientRule[] = [
  reduction('ReduceSum', (c, dy) => spread(c, dy)),
  reduction('ReduceMean', (c, dy, _, count) => spread(c, mul(c, dy, 1 / count))),
  reduction('ReduceSumSquare', (c, dy) => mul(c, mul(c, c.input(0), 2), dy)),
  // √Σx²: x/y, and 0 where y is, as in PyTorch
  reduction('ReduceL2', (c, dy, y) => mul(c, c.input(0), where(c, c.op('Equal', [y, c.scalar(0)]), 0, div(c, dy, y)))),
  reduction('ReduceL1', (c, dy) => mul(c, c.op('Sign', [c.input(0)]), dy)),
  // log Σeˣ: softmax
  reduction('ReduceLogSumExp', (c, dy, y) => mul(c, exp(c, sub(c, c.input(0), y)), dy)),
  reduction('ReduceMax', extreme),
  reduction('ReduceMin', extreme),
];
