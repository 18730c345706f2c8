import type { GradientContext } from './gradientRule.ts';

/** The geometry of a sliding window, one number per spatial axis. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Padding before and after. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** Reads the attributes that convolutions and pools share; automatic padding is resolved with the sizes. */
export function readWindow(
  c: GradientContext,
  inSize: readonly number[],
  outSize: readonly number[],
  kernelSize?: readonly number[],
): Window {
  const kernel = c.ints('kernel_shape') ?? kernelSize ?? [];
  const ones = kernel.map(() => 1);
  const strides = c.ints('strides') ?? ones;
  const dilations = c.ints('dilations') ?? ones;
  const pads = c.ints('pads');
  const auto = c.text('auto_pad', 'NOTSET');
  const padding = (side: 0 | 1): number[] =>
    kernel.map((k, i) => {
      if (auto === 'NOTSET') return pads?.[side * kernel.length + i] ?? 0;
      if (auto === 'VALID') return 0;
      const reach = ((outSize[i] as number) - 1) * (strides[i] as number) + (k - 1) * (dilations[i] as number) + 1;
      const total = Math.max(reach - (inSize[i] as number), 0);
      // SAME_UPPER puts the odd one after, SAME_LOWER before.
      return (auto === 'SAME_UPPER') === (side === 0) ? Math.floor(total / 2) : Math.ceil(total / 2);
    });
  return { kernel, strides, dilations, before: padding(0), after: padding(1) };
}
