import { matMul, mul, reshape, transpose, upTo } from '../../graph/arithmetic.ts';
import { float, type AttributeInput } from '../../graph/graphBuilder.ts';
import { sizeOf } from '../../graph/tensor.ts';
import type { GradientContext, GradientRule } from '../gradientRule.ts';
import { unbroadcast } from '../unbroadcast.ts';

/** Swaps the last two axes. */
const swap = (c: GradientContext, value: string, rank: number): string =>
  transpose(c, value, [...upTo(rank - 2), rank - 1, rank - 2]);

const gemm = (c: GradientContext, a: string, b: string, transA: number, transB: number, alpha = 1): string => {
  const attributes: Record<string, AttributeInput> = { transA, transB };
  if (alpha !== 1) attributes['alpha'] = float(alpha);
  return c.op('Gemm', [a, b], attributes);
};

/** Y = A·B: dA = dY·Bᵀ, dB = Aᵀ·dY, batch axes broadcast. */
const matMulRule: GradientRule = {
  op: 'MatMul',
  gradient(c, dy) {
    const [a, b] = [c.input(0), c.input(1)];
    const [aDims, bDims] = [c.dims(a), c.dims(b)];
    // A vector is a matrix of one row on the left, of one column on the right.
    const aFull = aDims.length === 1 ? [1, ...aDims] : aDims;
    const bFull = bDims.length === 1 ? [...bDims, 1] : bDims;
    const rows = aFull.at(-2) as number;
    const inner = aFull.at(-1) as number;
    const columns = bFull.at(-1) as number;
    const as = (value: string, is: readonly number[], dims: readonly number[]): string =>
      is.join() === dims.join() ? value : reshape(c, value, dims);
    const out = c.dims(c.output());
    if (bFull.length === 2) {
      // One matrix on the right: the axes before the last are rows, and both products are plain.
      const count = sizeOf(aFull) / inner;
      const dy2 = as(dy, out, [count, columns]);
      return [
        c.needs(0) && as(gemm(c, dy2, as(b, bDims, bFull), 0, 1), [count, inner], aDims),
        c.needs(1) && as(gemm(c, as(a, aDims, [count, inner]), dy2, 1, 0), bFull, bDims),
      ];
    }
    const batch = out.slice(0, aDims.length === 1 ? -1 : -2);
    const dyFull = as(dy, out, [...batch, rows, columns]);
    const aValue = as(a, aDims, aFull);
    const dA = (): string => matMul(c, dyFull, swap(c, b, bFull.length));
    const dB = (): string => matMul(c, swap(c, aValue, aFull.length), dyFull);
    return [
      c.needs(0) && as(unbroadcast(c, dA(), [...batch, rows, inner], aFull), aFull, aDims),
      c.needs(1) && unbroadcast(c, dB(), [...batch, inner, columns], bFull),
    ];
  },
};

/** Y = α·A'·B' + β·C, where ' transposes on request. */
const gemmRule: GradientRule = {
  op: 'Gemm',
  attributes: ['alpha', 'beta', 'transA', 'transB'],
  gradient(c, dy) {
    const [a, b] = [c.input(0), c.input(1)];
    const alpha = c.float('alpha', 1);
    const beta = c.float('beta', 1);
    const transA = c.int('transA', 0);
    const transB = c.int('transB', 0);
    return [
      c.needs(0) && (transA ? gemm(c, b, dy, transB, 1, alpha) : gemm(c, dy, b, 0, 1 - transB, alpha)),
      c.needs(1) && (transB ? gemm(c, dy, a, 1, transA, alpha) : gemm(c, a, dy, 1 - transA, 0, alpha)),
      c.needs(2) && unbroadcast(c, beta === 1 ? dy : mul(c, dy, beta), c.dims(c.output()), c.dims(c.input(2))),
    ];
  },
};

/** Matrix products. */
export const matMulRules: readonly GradientRule[] = [matMulRule, gemmRule];
