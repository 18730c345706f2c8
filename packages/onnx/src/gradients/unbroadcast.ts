import { reshape } from '../graph/arithmetic.ts';
import type { GradientContext } from './gradientRule.ts';

/**
 * Turns a gradient of shape `from` into one of shape `to`, where `to` was broadcast to `from` by the rules of NumPy: each axis along
 * which a value was repeated is summed over.
 */
export function unbroadcast(
  c: GradientContext,
  gradient: string,
  from: readonly number[],
  to: readonly number[],
): string {
  const lead = from.length - to.length;
  const axes = from.flatMap((dim, i) => (i < lead || (dim !== 1 && to[i - lead] === 1) ? [i] : []));
  if (axes.length === 0) return gradient;
  const sum = c.op('ReduceSum', [gradient, c.list(axes)], { keepdims: lead === 0 ? 1 : 0 });
  // Without keepdims the size-1 axes of `to` that were summed over are gone too.
  return lead === 0 || axes.length === lead ? sum : reshape(c, sum, to);
}
