import uPlot from 'uplot';
import { checkFigure } from '../checkFigure.ts';
import { ChartError } from '../chartError.ts';
import { describeFigure } from '../describeFigure.ts';
import type { Figure, LineMark, NumberFigure } from '../figure.ts';
import { domainOf, isDrawn } from '../layout/domainOf.ts';
import { colorsOf } from '../layout/entries.ts';
import { widthOf } from '../layout/widthOf.ts';
import { tickLabels, ticksOf } from '../numbers/ticks.ts';
import { lineStyles } from '../style/lineStyles.ts';
import { paintOver, paintUnder } from './paint.ts';
import { colorsIn, type Colors } from './colorsIn.ts';

export interface LiveOptions {
  /** Pixels; default 240. The width is that of the element. */
  readonly height?: number;
}

/** A figure on a page that goes on changing. */
export interface LiveFigure {
  /** Shows another figure, usually the same with longer channels. */
  set(figure: Figure): void;
  /** Takes it from the page. */
  destroy(): void;
}

/**
 * Draws a figure on a canvas inside `target`, many times a second if need be. Colours are the custom properties of `figureStyle` where the
 * element stands: call `set` once more when the page has changed its theme. The page imports `@anneal/chart/live.css`.
 *
 * @throws ChartError where the figure does not agree with itself, or holds words, bars or intervals: those stand still, and
 *   `@anneal/chart/plot` draws them.
 *
 * @example
 * const live = liveFigure(element, figure);
 * live.set({ ...figure, marks: longer });
 */
export function liveFigure(target: HTMLElement, figure: Figure, { height = 240 }: LiveOptions = {}): LiveFigure {
  let shown = checked(figure);
  let made = '';
  let chart: uPlot | undefined;

  function set(next: Figure): void {
    shown = checked(next);
    const colors = colorsIn(target);
    target.setAttribute('role', 'img');
    target.setAttribute('aria-label', describeFigure(shown));
    // What a chart is made for: all but the numbers. Where that is the same, it only gets other numbers.
    const { title: _, description: __, marks, ...scales } = shown;
    const looks = marks.map(({ mark, name, color, ...rest }) => [mark, name, color, 'style' in rest && rest.style]);
    const make = JSON.stringify([scales, looks, colors]);
    if (chart !== undefined && make === made) chart.setData(dataOf(shown));
    else {
      chart?.destroy();
      chart = new uPlot(
        optionsOf(() => shown, colors, target.clientWidth, height),
        dataOf(shown),
        target,
      );
    }
    made = make;
  }

  set(figure);
  const resize = new ResizeObserver(() => chart?.setSize({ width: target.clientWidth, height }));
  resize.observe(target);
  return {
    set,
    destroy: () => {
      resize.disconnect();
      chart?.destroy();
    },
  };
}

function checked(figure: Figure): NumberFigure {
  checkFigure(figure);
  const still = 'stands still: draw this figure with @anneal/chart/plot';
  for (const direction of ['x', 'y'] as const)
    if (figure[direction].type === 'words') throw new ChartError('unsupported', direction, `a scale of words ${still}`);
  figure.marks.forEach(({ mark }, i) => {
    if (mark === 'bar' || mark === 'interval')
      throw new ChartError('unsupported', `marks/${i}`, `a mark "${mark}" ${still}`);
  });
  return figure as NumberFigure;
}

const linesOf = ({ marks }: Figure): readonly LineMark[] => marks.filter((mark) => mark.mark === 'line');

/** The lines along one list of x. Where a line has no point there it runs on; where its number is a gap it breaks. */
function dataOf(figure: NumberFigure): uPlot.AlignedData {
  const tables = linesOf(figure).map(({ x, y }): uPlot.AlignedData => {
    const at = Array.from({ length: x.length }, (_, i) => i).filter((i) => isDrawn(x[i], figure.x));
    return [at.map((i) => x[i]!), at.map((i) => (isDrawn(y[i], figure.y) ? y[i] : null))];
  });
  return tables.length === 0 ? [[]] : uPlot.join(tables);
}

function optionsOf(shown: () => NumberFigure, colors: Colors, width: number, height: number): uPlot.Options {
  const figure = shown();
  const shades = colorsOf(figure);
  const axis = (direction: 'x' | 'y', space: number): uPlot.Axis => {
    const { label, unit, type = 'linear' } = figure[direction];
    return {
      scale: direction,
      label,
      labelSize: 18,
      labelFont: font,
      font,
      stroke: colors.quiet,
      grid: { show: direction === 'y', stroke: colors.rule, width: 1 },
      ticks: { show: direction === 'x', stroke: colors.quiet, width: 1, size: 5 },
      size: direction === 'x' ? 30 : (_, labels) => 12 + Math.max(...(labels ?? ['']).map((text) => widthOf(text, 12))),
      splits: (chart) => {
        const pixels = direction === 'x' ? chart.bbox.width : chart.bbox.height;
        const count = Math.max(2, Math.round(pixels / devicePixelRatio / space));
        return ticksOf(...domainOf(shown(), direction), count, unit, type);
      },
      filter: (_, splits) => splits,
      values: (_, splits) => tickLabels(splits, unit, type),
    };
  };
  const scale = (direction: 'x' | 'y'): uPlot.Scale => ({
    time: false,
    auto: true,
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- uPlot's word for 3 stands in its types alone
    ...(figure[direction].type === 'log' && { distr: 3 }),
    range: () => [...domainOf(shown(), direction)],
  });
  return {
    width,
    height,
    legend: { show: false },
    cursor: { points: { size: 6 } },
    scales: { x: scale('x'), y: scale('y') },
    axes: [axis('x', 110), axis('y', 45)],
    series: [
      {},
      ...figure.marks.flatMap((mark, i): uPlot.Series[] => {
        if (mark.mark !== 'line') return [];
        const { strokeWidth, strokeOpacity = 1, strokeDasharray } = lineStyles[mark.style ?? 'solid'];
        const dash = strokeDasharray === undefined ? {} : { dash: strokeDasharray.split(' ').map(Number) };
        const stroke = colors.series[shades[i]!]!;
        return [
          {
            label: mark.name,
            stroke,
            width: strokeWidth,
            alpha: strokeOpacity,
            ...dash,
            pxAlign: 0,
            points: { show: false },
          },
        ];
      }),
    ],
    hooks: {
      drawAxes: [(chart) => paintUnder(chart, shown(), colors)],
      draw: [(chart) => paintOver(chart, shown(), colors)],
    },
  };
}

const font = '12px ui-sans-serif, system-ui, sans-serif';
