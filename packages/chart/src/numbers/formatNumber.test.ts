import { expect, test } from 'vitest';
import { formatNumber, type Unit } from './formatNumber.ts';

test.each<[number | null, Unit, string]>([
  [0.97314, 'share', '97.3 %'],
  [1, 'share', '100 %'],
  [12_000, 'step', '12,000'],
  [2.5, 'epoch', '2.5'],
  [0.001, 'rate', '0.001'],
  [3e-5, 'rate', '3e-5'],
  [0.0123456, 'rate', '0.0123'],
  [0.43214, 'nats', '0.4321'],
  [-187.53, 'return', '−187.5'],
  [0.35, 'seconds', '350 ms'],
  [0, 'seconds', '0 s'],
  [12.34, 'seconds', '12.3 s'],
  [270, 'seconds', '4.5 min'],
  [7560, 'seconds', '2.1 h'],
  [999, 'bytes', '999 B'],
  [1_234_567, 'bytes', '1.23 MB'],
  [1234.5678, 'number', '1,235'],
  [-2.5e-7, 'number', '−2.5e-7'],
  [1.5e6, 'number', '1.5e6'],
  [-0, 'number', '0'],
  [null, 'share', '–'],
  [Number.NaN, 'nats', '–'],
  [-Infinity, 'nats', '−∞'],
])('%s as %s is %s', (value, unit, text) => {
  expect(formatNumber(value, unit)).toBe(text);
});
