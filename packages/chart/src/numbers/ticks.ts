import { fixed, formatNumber, plain, sizeOf, type Unit } from './formatNumber.ts';

/** Round numbers from at least `min` to at most `max`, about `count` of them: steps of 1, 2 or 5 times a power of ten. */
export function linearTicks(min: number, max: number, count: number): number[] {
  if (!(max > min)) return [min];
  const rough = (max - min) / count;
  const power = Math.floor(Math.log10(rough));
  const mantissa = rough / 10 ** power;
  const step = mantissa <= 1.5 ? 1 : mantissa <= 3.5 ? 2 : mantissa <= 7.5 ? 5 : 10;
  // By whole numbers and one division or multiplication, so that 0.3 is 0.3.
  const at = (i: number): number => (power < 0 ? (i * step) / 10 ** -power : i * step * 10 ** power);
  const first = Math.ceil(min / (step * 10 ** power) - 1e-9);
  const last = Math.floor(max / (step * 10 ** power) + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => at(first + i));
}

/** Powers of ten between two numbers > 0; with 2 and 5 times them where there are few. */
export function logTicks(min: number, max: number, count: number): number[] {
  const powers = range(Math.floor(Math.log10(min)), Math.ceil(Math.log10(max)));
  const inside = (factors: readonly number[]): number[] =>
    powers
      .flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)))
      .filter((tick) => tick >= min * 0.999 && tick <= max * 1.001);
  const decades = inside([1]);
  if (decades.length > count) {
    const stride = Math.ceil(decades.length / count);
    return decades.filter((_, i) => i % stride === 0);
  }
  return decades.length >= 3 ? decades : inside([1, 2, 5]);
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/**
 * Ticks as an axis shows them: all with as many digits as tell them apart, in one unit.
 *
 * @example
 * tickLabels([0.97, 0.975, 0.98], 'share'); // ['97.0 %', '97.5 %', '98.0 %']
 */
export function tickLabels(ticks: readonly number[], unit: Unit, type: 'linear' | 'log' = 'linear'): string[] {
  if (type === 'log') return ticks.map((tick) => formatNumber(tick, unit));
  const largest = Math.max(...ticks.map(Math.abs));
  const { divisor, suffix } = measure(largest, unit);
  const shown = ticks.map((tick) => tick / divisor);
  const step = Math.min(...shown.slice(1).map((tick, i) => Math.abs(tick - shown[i]!)), Infinity);
  const top = largest / divisor;
  if (top !== 0 && (top < 1e-4 || top >= 1e6)) {
    // One digit more than the step has, so that neighbours differ.
    const digits = Number.isFinite(step) ? Math.ceil(Math.log10(top / step)) + 1 : 3;
    return shown.map((tick) => (tick === 0 ? '0' : plain(tick, Math.max(1, digits))) + suffix);
  }
  const decimals = Number.isFinite(step) ? Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) : 4;
  return shown.map((tick) => fixed(tick, decimals, Number.isFinite(step) ? decimals : 0) + suffix);
}

/** Ticks of an axis: round in the unit in which its labels tell them. */
export function ticksOf(min: number, max: number, count: number, unit: Unit, type: 'linear' | 'log'): number[] {
  if (type === 'log') return logTicks(min, max, count);
  const { divisor } = measure(Math.max(Math.abs(min), Math.abs(max)), unit);
  return linearTicks(min / divisor, max / divisor, count).map((tick) => tick * divisor);
}

/** What the numbers of an axis are divided by, and what stands behind each. */
function measure(largest: number, unit: Unit): { readonly divisor: number; readonly suffix: string } {
  if (unit === 'share') return { divisor: 0.01, suffix: ' %' };
  if (unit === 'seconds') {
    if (largest < 1) return { divisor: 1e-3, suffix: ' ms' };
    if (largest < 120) return { divisor: 1, suffix: ' s' };
    return largest < 7200 ? { divisor: 60, suffix: ' min' } : { divisor: 3600, suffix: ' h' };
  }
  if (unit === 'bytes') {
    const { power, name } = sizeOf(largest);
    return { divisor: power, suffix: ` ${name}` };
  }
  return { divisor: 1, suffix: '' };
}
