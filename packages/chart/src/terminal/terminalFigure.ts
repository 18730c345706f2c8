import { plot } from 'simple-ascii-chart';
import { checkFigure } from '../checkFigure.ts';
import type { Channel, Figure, Mark, NumberFigure, NumberScale, RuleMark } from '../figure.ts';
import { domainOf, isDrawn } from '../layout/domainOf.ts';
import { colorsOf } from '../layout/entries.ts';
import { formatNumber } from '../numbers/formatNumber.ts';
import { ticksOf } from '../numbers/ticks.ts';
import { legend } from './legend.ts';
import { wordRows } from './wordRows.ts';

export interface TerminalOptions {
  /** How wide the terminal is, in letters; default 80. */
  readonly columns?: number;
  /** Whether it shows colours; default false. */
  readonly color?: boolean;
}

/** The six colours of figures, as terminals have them. */
const colors = ['ansiBlue', 'ansiYellow', 'ansiGreen', 'ansiMagenta', 'ansiCyan', 'ansiRed'] as const;

type Point = [x: number, y: number];

/**
 * A figure in letters, as wide as a terminal allows. An area is drawn as its two edges; what stands at words becomes a row for each.
 *
 * @throws ChartError where the figure does not agree with itself.
 *
 * @example
 * process.stdout.write(terminalFigure(figure, { columns: process.stdout.columns }));
 */
export function terminalFigure(figure: Figure, { columns = 80, color = false }: TerminalOptions = {}): string {
  checkFigure(figure);
  const { x, y, title, marks } = figure;
  if (x.type === 'words' || y.type === 'words') return wordRows(figure, columns);
  const width = Math.max(20, Math.min(columns - 16, 100));
  const [xEnds, yEnds] = [domainOf(figure, 'x'), domainOf(figure, 'y')];
  const place = ([at, value]: Point): Point => [placed(at, x), placed(value, y)];
  const [low, high] = [placed(yEnds[0], y), placed(yEnds[1], y)];
  const drawn = ([at, value]: Point): boolean => Number.isFinite(at) && value >= low && value <= high;
  const shades = colorsOf(figure);
  const shade = (i: number): (typeof colors)[number] => colors[shades[i]!]!;
  const lined = new Set(marks.flatMap(({ mark, name }) => (mark === 'line' ? [name] : [])));
  // A line with gaps becomes several: letters would join what lies on both sides.
  const filled = marks.flatMap((mark, i) =>
    edgesOf(mark, lined).flatMap((points) =>
      unbroken(perColumn(points.map(place), width), drawn).map((part) => ({ color: shade(i), points: part })),
    ),
  );
  const dots = marks.flatMap((mark, i) => {
    if (mark.mark !== 'dot') return [];
    const points = pointsOf(mark.x as Channel, mark.y as Channel)
      .map(place)
      .filter(drawn);
    return points.map(([at, value]) => ({ x: at, y: value, color: shade(i) }));
  });
  if (filled.length === 0 && dots.length === 0) return `${title}\nnothing to draw: no number is finite\n`;
  const only = filled.length === 0;
  const chart = plot(only ? dots.map((dot): Point[] => [[dot.x, dot.y]]) : filled.map(({ points }) => points), {
    width,
    height: 16,
    title: `${title}\n${y.label}`,
    xLabel: x.label,
    yRange: [placed(yEnds[0], y), placed(yEnds[1], y)],
    customXAxisTicks: ticksAlong(x, xEnds, width / 12),
    customYAxisTicks: ticksAlong(y, yEnds, 5),
    formatter: (value, { axis }) => label(value, axis === 'x' ? x : y),
    thresholds: marks.flatMap((mark) => (mark.mark === 'rule' ? [ruleOf(mark, figure as NumberFigure)] : [])),
    ...(only ? { mode: 'point' as const } : { points: dots.map(({ x: at, y: value }) => ({ x: at, y: value })) }),
    ...(color && { color: only ? dots.map((dot) => dot.color) : filled.map((line) => line.color) }),
  });
  return `${chart.replaceAll(/ +$/gm, '').replace(/^\n+|\n+$/g, '')}\n${legend(figure, color)}`;
}

function ruleOf(mark: RuleMark, { x, y }: NumberFigure): { readonly x: number } | { readonly y: number } {
  return mark.y === undefined ? { x: placed(mark.x, x) } : { y: placed(mark.y, y) };
}

/** Where a number stands: on a logarithmic scale at its power of ten. A gap is NaN. */
const placed = (value: number, scale: NumberScale): number => {
  if (!isDrawn(value, scale)) return Number.NaN;
  return scale.type === 'log' ? Math.log10(value) : value;
};

const ticksAlong = (scale: NumberScale, [min, max]: readonly [number, number], count: number): number[] =>
  ticksOf(min, max, count, scale.unit, scale.type ?? 'linear').map((tick) => placed(tick, scale));

const label = (at: number, { type, unit }: NumberScale): string =>
  formatNumber(Number((type === 'log' ? 10 ** at : at).toPrecision(12)), unit);

/** The lines that a mark becomes. An area around a line says nothing that letters could show beside it. */
function edgesOf(mark: Mark, lined: ReadonlySet<string>): readonly (readonly Point[])[] {
  if (mark.mark === 'line') return [pointsOf(mark.x, mark.y)];
  if (mark.mark !== 'area' || lined.has(mark.name)) return [];
  return [pointsOf(mark.x, mark.low), pointsOf(mark.x, mark.high)];
}

const pointsOf = (x: Channel, y: Channel): readonly Point[] =>
  Array.from({ length: x.length }, (_, i): Point => [x[i] ?? Number.NaN, y[i] ?? Number.NaN]);

/** The stretches of points that are drawn. */
function unbroken(points: readonly Point[], drawn: (point: Point) => boolean): Point[][] {
  const parts: Point[][] = [];
  points.forEach((point, i) => {
    if (!drawn(point)) return;
    if (i === 0 || !drawn(points[i - 1]!)) parts.push([]);
    parts.at(-1)!.push(point);
  });
  return parts;
}

/** One point for each column, the last included: of many some, of few those between as well, since letters join points by corners. */
function perColumn(points: readonly Point[], width: number): readonly Point[] {
  if (points.length > width)
    return Array.from({ length: width }, (_, i) => points[Math.round((i * (points.length - 1)) / (width - 1))]!);
  const span = points.length < 2 ? 0 : points.at(-1)![0] - points[0]![0];
  return points.flatMap(([x, y], i) => {
    const [nextX, nextY] = points[i + 1] ?? [x, y];
    const columns = span > 0 ? Math.max(1, Math.round(((nextX - x) / span) * width)) : 1;
    return Array.from({ length: columns }, (_, k): Point => [
      x + ((nextX - x) * k) / columns,
      y + ((nextY - y) * k) / columns,
    ]);
  });
}
