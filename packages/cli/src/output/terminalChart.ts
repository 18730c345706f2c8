import { stripVTControlCharacters } from 'node:util';
import { linearTicks } from '@anneal/lab/chart';
import { plot } from 'simple-ascii-chart';
import type { Io } from '../io.ts';

/** Colours of the lines, in order; a single line needs none. */
const colors = ['ansiBlue', 'ansiYellow', 'ansiGreen', 'ansiMagenta', 'ansiCyan', 'ansiRed'] as const;

/** A chart of letters, as wide as the terminal allows. */
export function terminalChart(
  series: readonly { readonly name: string; readonly points: readonly [number, number][] }[],
  yLabel: string,
  { columns, color }: Pick<Io, 'columns' | 'color'>,
): string {
  const width = Math.max(20, Math.min(columns - 16, 100));
  const lines = series.map(({ points }) => thinned(points, width).filter(([, y]) => Number.isFinite(y)));
  const xs = lines.flat().map(([x]) => x);
  const ys = lines.flat().map(([, y]) => y);
  const [low, high] = [Math.min(...ys, 0), Math.max(...ys)];
  const chart = plot(lines, {
    width,
    height: 16,
    title: yLabel,
    xLabel: 'step',
    yRange: [low, high > low ? high : low + 1],
    customXAxisTicks: linearTicks(Math.min(...xs), Math.max(...xs), width / 10).filter(Number.isInteger),
    customYAxisTicks: linearTicks(low, high > low ? high : low + 1, 5),
    formatter: (value) => (Number.isInteger(value) ? value : Number(value.toPrecision(3))),
    ...(series.length > 1 && {
      color: series.map((_, i) => colors[i % colors.length]!),
      legend: { position: 'bottom' as const, series: series.map(({ name }) => name) },
    }),
  });
  return (color ? chart : stripVTControlCharacters(chart)).replaceAll(/ +$/gm, '').replace(/^\n+|\n+$/g, '') + '\n';
}

/** One point for each column, the last included. */
function thinned(points: readonly [number, number][], width: number): [number, number][] {
  if (points.length <= width) return [...points];
  return Array.from({ length: width }, (_, i) => points[Math.round((i * (points.length - 1)) / (width - 1))]!);
}
