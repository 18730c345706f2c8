import { expect, test } from 'vitest';
import { standalone } from './chartStyle.ts';
import { lineChart } from './lineChart.ts';

const chart = (points: [number, number][], yScale: 'linear' | 'log' = 'linear'): string =>
  lineChart({ description: 'a & b', x: 'step', y: '<rate>', yScale, series: [{ name: 'one', points }] });
const path = (svg: string): string => /class="series[^"]*" d="([^"]*)"/.exec(svg)![1]!;

const pixels = (svg: string): number[][] =>
  path(svg)
    .slice(1)
    .split(/[ML]/)
    .map((point) => point.split(',').map(Number));

test('a line goes through its points, and text is escaped', () => {
  const svg = chart([
    [0, 0],
    [10, 1],
  ]);
  const [[x0, y0], [x1, y1]] = pixels(svg) as [[number, number], [number, number]];
  expect([x1 > x0, y1 < y0, x1]).toEqual([true, true, 720 - 16]); // up and to the right, to the end of the axis
  expect(svg).toContain('aria-label="a &amp; b"');
  expect(svg).toContain('&lt;rate&gt;');
});

test('a line is interrupted where a value is not finite, or not above 0 on a logarithmic axis', () => {
  expect(
    path(
      chart([
        [0, 1],
        [1, Number.NaN],
        [2, 1],
        [3, 2],
      ]),
    ).match(/[ML]/g),
  ).toEqual(['M', 'M', 'L']);
  expect(
    path(
      chart(
        [
          [0, 1],
          [1, 0],
          [2, 1],
          [3, 2],
        ],
        'log',
      ),
    ).match(/[ML]/g),
  ).toEqual(['M', 'M', 'L']);
});

test('a long line keeps its extremes', () => {
  const points = Array.from({ length: 10_000 }, (_, i): [number, number] => [i, i === 4321 ? 5 : Math.sin(i)]);
  const drawn = path(chart(points));
  expect(drawn.match(/[ML]/g)!.length).toBeLessThanOrEqual(800);
  // Only the peak is far above the others.
  const [top, next] = pixels(chart(points))
    .map(([, y]) => y!)
    .sort((a, b) => a - b);
  expect(next! - top!).toBeGreaterThan(100);
});

test('a chart without a drawable point is still a chart', () => {
  expect(chart([])).toContain('</svg>');
});

test('a file of its own has colours for light and dark', () => {
  const svg = standalone(chart([[0, 1]]));
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*><style>/);
  expect(svg).toContain('prefers-color-scheme:dark');
});
