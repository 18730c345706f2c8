import type { Kind } from '../definition/kind.ts';
import { choice } from '../kinds/choice.ts';
import { bounded } from '../numerics/bounded.ts';
import { between, halfCosine } from './shape.ts';

/**
 * Shapes in which a value can be brought from one level down (or up) to another.
 *
 * @example
 * annealShapes.includes('oneMinusSqrt'); // true
 */
export const annealShapes = ['linear', 'cosine', 'exponential', 'oneMinusSqrt', 'oneMinusSquare'] as const;

/** One of these shapes. */
export type AnnealShape = (typeof annealShapes)[number];

export const annealShape: Kind<AnnealShape> = /* @__PURE__ */ choice(...annealShapes);

/**
 * The value on the way from `start` to `end` at the fraction `x` in [0, 1] of it; exact at both ends.
 *
 * - linear: start·(1−x) + end·x
 * - cosine: start + (end−start)·½(1−cos πx)
 * - exponential: start·(end/start)^x, both > 0; from 0 there is no such way, and 0 is kept until x = 1
 * - oneMinusSqrt: end + (start−end)·(1−√x), Hägele et al. 2024, arXiv 2405.18392, eq. 2
 * - oneMinusSquare: end + (start−end)·(1−x²)
 */
export function annealed(shape: AnnealShape, start: number, end: number, x: number): number {
  if (x <= 0) return start;
  if (x >= 1) return end;
  if (shape === 'exponential') return start > 0 ? bounded(start * bounded(end / start) ** x) : start;
  if (shape === 'cosine') return between(start, end, halfCosine(x));
  return between(start, end, shape === 'linear' ? x : shape === 'oneMinusSqrt' ? Math.sqrt(x) : x * x);
}
