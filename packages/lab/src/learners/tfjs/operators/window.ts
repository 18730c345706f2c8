import { sizeOf } from '@anneal/onnx';
import type { OperatorContext } from './operator.ts';

/** The geometry of a sliding window, one number per spatial axis. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Places of the window along each axis. */
  readonly out: readonly number[];
}

/** Attributes that convolutions and pools share. */
export const windowAttributes: readonly string[] = ['auto_pad', 'dilations', 'kernel_shape', 'pads', 'strides'];

/**
 * Reads them for an input of a size. Automatic padding gives ⌈size/stride⌉ places; `ceil_mode` a last place that begins within the input or
 * its first padding, the missing elements being padding that no average counts.
 */
export function windowOf(
  c: OperatorContext,
  size: readonly number[],
  kernelSize: readonly number[],
  ceil: boolean,
): Window {
  const kernel = c.ints('kernel_shape') ?? kernelSize;
  const ones = kernel.map(() => 1);
  const strides = c.ints('strides') ?? ones;
  const dilations = c.ints('dilations') ?? ones;
  const auto = c.text('auto_pad', 'NOTSET');
  const given = c.ints('pads');
  const [before, after, out] = [[], [], []] as [number[], number[], number[]];
  kernel.forEach((k, i) => {
    const [n, s] = [size[i] as number, strides[i] as number];
    const reach = (k - 1) * (dilations[i] as number) + 1;
    if (auto === 'SAME_UPPER' || auto === 'SAME_LOWER') {
      const places = Math.ceil(n / s);
      const total = Math.max((places - 1) * s + reach - n, 0);
      const small = Math.floor(total / 2);
      before.push(auto === 'SAME_UPPER' ? small : total - small);
      after.push(auto === 'SAME_UPPER' ? total - small : small);
      out.push(places);
      return;
    }
    const [low, high] = auto === 'VALID' ? [0, 0] : [given?.[i] ?? 0, given?.[kernel.length + i] ?? 0];
    const room = n + low + high - reach;
    let places = (ceil ? Math.ceil(room / s) : Math.floor(room / s)) + 1;
    if (ceil && (places - 1) * s >= n + low) places -= 1;
    before.push(low);
    after.push(high);
    out.push(places);
  });
  if (sizeOf(out) === 0 || out.some((places) => places < 1))
    c.refuse(`on an input of [${size.join()}], which is smaller than the window`);
  return { kernel, strides, dilations, before, after, out };
}
