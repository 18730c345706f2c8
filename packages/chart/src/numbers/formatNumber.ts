/** What a number counts or measures, and so how it is written. */
export type Unit =
  | 'step' // 12,000
  | 'epoch' // 2.5
  | 'rate' // 0.001, 3e-5
  | 'share' // 97.3 %
  | 'nats' // 0.4321
  | 'return' // 187.5
  | 'seconds' // 350 ms, 12.3 s, 4.5 min, 2.1 h
  | 'bytes' // 1.2 MB
  | 'number'; // anything else

/**
 * A number as a table or a sentence shows it: three or four digits that matter, and its unit. A gap is a dash.
 *
 * @example
 * formatNumber(0.97314, 'share'); // '97.3 %'
 * formatNumber(3e-5, 'rate'); // '3e-5'
 * formatNumber(12000, 'step'); // '12,000'
 */
export function formatNumber(value: number | null | undefined, unit: Unit = 'number'): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  switch (unit) {
    case 'share':
      return `${fixed(100 * value, 1)} %`;
    case 'step':
    case 'epoch':
      return fixed(value, 2);
    case 'rate':
      return plain(value, 3);
    case 'seconds':
      return time(value);
    case 'bytes':
      return size(value);
    case 'nats':
    case 'return':
    case 'number':
      return plain(value, 4);
  }
}

/** To so many digits that matter; by a power of ten where it is far from 1. */
export function plain(value: number, digits: number): string {
  const rounded = Number(value.toPrecision(digits));
  const magnitude = Math.abs(rounded);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e6))
    return rounded.toExponential().replace('e+', 'e').replace(/^-/, '−');
  return fixed(rounded, 12);
}

/** With at most so many digits behind the point, and at least so many, thousands apart, and a true minus. */
export function fixed(value: number, digits: number, atLeast = 0): string {
  const text = value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: atLeast });
  return /[1-9]/.test(text) ? text.replace('-', '−') : text.replace('-', '');
}

function time(seconds: number): string {
  const magnitude = Math.abs(seconds);
  if (magnitude < 1 && magnitude > 0) return `${plain(1000 * seconds, 3)} ms`;
  if (magnitude < 120) return `${plain(seconds, 3)} s`;
  if (magnitude < 7200) return `${plain(seconds / 60, 3)} min`;
  return `${plain(seconds / 3600, 3)} h`;
}

function size(bytes: number): string {
  const { power, name } = sizeOf(bytes);
  return `${plain(bytes / power, 3)} ${name}`;
}

/** The power of 1000 in which so many bytes are told. */
export function sizeOf(bytes: number): { readonly power: number; readonly name: string } {
  const names = ['B', 'kB', 'MB', 'GB', 'TB'];
  const at = Math.abs(bytes) < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(Math.abs(bytes)) / 3));
  return { power: 1000 ** at, name: names[at]! };
}
