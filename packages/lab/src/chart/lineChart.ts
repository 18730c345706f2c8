import { linearScale, logScale, type Scale } from './scale.ts';
import { tickLabel } from './ticks.ts';

/** A line: its points in the order of x; where y is not finite the line is interrupted. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Which of the colours, from 0; default the series' place. */
  readonly color?: number;
  /** A broad pale line lies under others and stays visible where they coincide. Default `"line"`. */
  readonly style?: 'line' | 'broad' | 'dashed';
}

export interface ChartOptions {
  /** What a reader who does not see it hears. */
  readonly description: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  /** Default linear. */
  readonly yScale?: 'linear' | 'log';
  /** Ends of the y axis; default the data's, with 0 on a linear axis. */
  readonly yRange?: readonly [min: number, max: number];
  /** Pixels; default 720 × 320. */
  readonly width?: number;
  readonly height?: number;
  /** Whether the series' names stand above the lines; default if there are several. */
  readonly legend?: boolean;
}

/** Most points drawn of one line. More are thinned to the extremes of their neighbourhood, so peaks stay. */
const maxPoints = 600;

/**
 * A line chart as SVG, without colours of its own: {@link chartStyle} or the page gives them, for light and dark.
 */
export function lineChart(options: ChartOptions): string {
  const { series, width = 720, height = 320, yScale = 'linear', legend = series.length > 1 } = options;
  const marks = legend ? legendOf(series, width) : { svg: '', height: 0 };
  const top = 34 + marks.height;
  const bottom = height - 40;
  const right = width - 16;

  const points = series
    .flatMap((one) => one.points)
    .filter(([, y]) => Number.isFinite(y) && (yScale === 'linear' || y > 0));
  const xs = extent(points.map(([x]) => x));
  const ys = options.yRange ?? extent([...points.map(([, y]) => y), ...(yScale === 'linear' ? [0] : [])]);
  const axis = yScale === 'log' ? logScale : linearScale;
  const y = axis({ min: ys[0], max: ys[1], from: bottom, to: top, marks: Math.round((bottom - top) / 45) });
  const left = 20 + 6.5 * Math.max(...y.ticks.map((tick) => tickLabel(tick).length));
  const x = linearScale({ min: xs[0], max: xs[1], from: left, to: right, marks: Math.round((right - left) / 110) });

  const grid = y.ticks
    .map((tick) => {
      const at = n(y.at(tick));
      return `<line class="grid" x1="${n(left)}" x2="${right}" y1="${at}" y2="${at}"/><text class="tick" x="${n(left - 8)}" y="${at}" dy="0.32em" text-anchor="end">${tickLabel(tick)}</text>`;
    })
    .join('');
  const feet = x.ticks
    .map((tick) => {
      const at = n(x.at(tick));
      return `<line class="axis" x1="${at}" x2="${at}" y1="${bottom}" y2="${bottom + 5}"/><text class="tick" x="${at}" y="${bottom + 19}" text-anchor="middle">${tickLabel(tick)}</text>`;
    })
    .join('');
  const lines = series
    .map(
      ({ points, color, style = 'line' }, i) =>
        `<path class="series s${(color ?? i) % 6} ${style}" d="${pathOf(points, x, y, yScale === 'log')}"/>`,
    )
    .join('');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(options.description)}">`,
    marks.svg,
    `<text class="label" x="4" y="${top - 14}">${escape(options.y)}</text>`,
    grid,
    `<line class="axis" x1="${n(left)}" x2="${right}" y1="${bottom}" y2="${bottom}"/>`,
    feet,
    `<text class="label" x="${right}" y="${height - 4}" text-anchor="end">${escape(options.x)}</text>`,
    lines,
    '</svg>',
  ].join('');
}

function legendOf(series: readonly Series[], width: number): { svg: string; height: number } {
  let [x, y] = [4, 12];
  const svg = series
    .map(({ name, color, style = 'line' }, i) => {
      const size = 34 + 7 * name.length;
      if (x > 4 && x + size > width) [x, y] = [4, y + 20];
      const mark = `<path class="series s${(color ?? i) % 6} ${style}" d="M${x},${y}h20"/><text class="name" x="${x + 26}" y="${y}" dy="0.32em">${escape(name)}</text>`;
      x += size + 10;
      return mark;
    })
    .join('');
  return { svg, height: y + 12 };
}

function pathOf(points: Series['points'], x: Scale, y: Scale, positive: boolean): string {
  let path = '';
  let drawing = false;
  for (const [px, py] of thinned(points)) {
    const drawable = Number.isFinite(py) && (!positive || py > 0);
    if (drawable) path += `${drawing ? 'L' : 'M'}${n(x.at(px))},${n(y.at(py))}`;
    drawing = drawable;
  }
  return path;
}

/** The first, lowest, highest and last point of each stretch of neighbours. */
function thinned(points: Series['points']): Series['points'] {
  if (points.length <= maxPoints) return points;
  const stretch = Math.ceil((4 * points.length) / maxPoints);
  const kept: (readonly [number, number])[] = [];
  for (let from = 0; from < points.length; from += stretch) {
    const part = points.slice(from, from + stretch);
    const by = [...part.keys()].sort((a, b) => part[a]![1] - part[b]![1]);
    const chosen = new Set([0, by[0]!, by.at(-1)!, part.length - 1]);
    kept.push(...part.filter((_, i) => chosen.has(i)));
  }
  return kept;
}

function extent(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  return values.reduce<[number, number]>(
    ([low, high], v) => [Math.min(low, v), Math.max(high, v)],
    [Infinity, -Infinity],
  );
}

/** A pixel coordinate, to a tenth. */
const n = (value: number): string => String(Math.round(value * 10) / 10);

/** Text as it may stand in XML. */
export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
