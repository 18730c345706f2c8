/**
 * The least whole multiple of a number > 0, which a double has: it is a whole number over a power of two. Where a framework
 * asks whether the step is a multiple of a length, these are the only steps at which it is.
 */
export function firstWhole(length: number): number {
  let multiple = length;
  while (!Number.isInteger(multiple)) multiple *= 2;
  return multiple;
}

/** Whether quotients by a length round to a whole number only where they are one, in runs of up to 2³² steps. */
export const isExact = (length: number): boolean => firstWhole(length) < 2 ** 20;
