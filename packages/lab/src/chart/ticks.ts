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

/** A number as an axis shows it: `0.01`, `1,200`, `2e-7`. */
export function tickLabel(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return value.toExponential().replace('e+', 'e');
  return size >= 1000 ? value.toLocaleString('en-US') : String(Number(value.toPrecision(6)));
}
