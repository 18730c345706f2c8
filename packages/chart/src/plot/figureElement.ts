import * as Plot from '@observablehq/plot';
import { checkFigure } from '../checkFigure.ts';
import { describeFigure } from '../describeFigure.ts';
import type { Figure, Mark } from '../figure.ts';
import { colorsOf, entriesOf } from '../layout/entries.ts';
import { widthOf } from '../layout/widthOf.ts';
import { figureClass } from '../style/figureStyle.ts';
import { axisOf, written } from './axes.ts';
import { element } from './element.ts';
import { drawLegend, legendOf } from './legend.ts';
import { plotMarks } from './marks.ts';
import type { SvgElement } from './page.ts';

/** How a figure that stands still is drawn. */
export interface StillOptions {
  /** Pixels; default 720 × 340, higher where there are many words. */
  readonly width?: number;
  readonly height?: number;
  /** Whether the title stands above the figure; default true. It is told to those who do not see it in any case. */
  readonly title?: boolean;
}

/**
 * A figure as an element, made in a document: the same figure gives the same element.
 *
 * @throws ChartError where the figure does not agree with itself.
 */
export function figureElement(figure: Figure, document: unknown, options: StillOptions = {}): SvgElement {
  checkFigure(figure);
  const { width = 720, title = true } = options;
  const words = figure.y.type === 'words' ? figure.y.domain.length : 0;
  const height = options.height ?? (words > 0 ? 120 + 30 * words : 340);
  const legend = legendOf(entriesOf(figure), width);
  const head = title ? 26 : 0;
  // Names of rules stand above the figure, each in a row of its own.
  const rules: readonly Mark[] = figure.marks.filter((mark) => mark.mark === 'rule' && mark.x !== undefined);
  const marginTop = head + legend.height + 30 + ruleRow * rules.length;
  const marginBottom = 44;
  const y = axisOf(figure, 'y', Math.max(2, Math.round((height - marginTop - marginBottom) / 45)));
  const marginLeft = 22 + Math.max(...y.labels.map((label) => widthOf(label, 12)));
  const x = axisOf(figure, 'x', Math.max(2, Math.round((width - marginLeft) / 110)));
  const marginRight = Math.max(14, 4 + widthOf(x.labels.at(-1) ?? '', 12) / 2);
  const colors = colorsOf(figure);
  const grid = { stroke: 'var(--rule)', strokeOpacity: 1 } as const;

  const svg = Plot.plot({
    document: document as Exclude<Plot.PlotOptions['document'], undefined>,
    className: figureClass,
    style: { overflow: 'visible' },
    ariaLabel: describeFigure(figure),
    width,
    height,
    marginTop,
    marginBottom,
    marginLeft,
    marginRight,
    x: x.scale,
    y: y.scale,
    marks: [
      words > 0 ? Plot.gridX({ ...grid, ticks: [...x.ticks] }) : Plot.gridY({ ...grid, ticks: [...y.ticks] }),
      Plot.axisX({ ...written(x), label: null, tickSize: 5, tickPadding: 4 }),
      Plot.axisY({ ...written(y), label: null, tickSize: 0, tickPadding: 8 }),
      Plot.frame({ anchor: words > 0 ? 'left' : 'bottom', stroke: 'var(--quiet)' }),
      ...figure.marks.flatMap((mark, i) => plotMarks(mark, colors[i]!, figure, ruleRow * rules.indexOf(mark))),
    ],
  }) as unknown as SvgElement;

  // Plot's own rules stand in figureStyle: a page has them once, and frameworks that compile its elements leave styles in them out.
  svg.querySelector('style')?.remove();
  svg.setAttribute('role', 'img');
  svg.setAttribute('xmlns', svg.namespaceURI!);
  svg.prepend(element(svg, 'title', {}, figure.title));
  if (title) svg.append(element(svg, 'text', { class: 'title', x: 4, y: 16, 'text-anchor': 'start' }, figure.title));
  drawLegend(svg, legend, head);
  svg.append(
    element(
      svg,
      'text',
      { class: 'label', x: 4, y: head + legend.height + 14, 'text-anchor': 'start' },
      figure.y.label,
    ),
    element(svg, 'text', { class: 'label', x: width - 4, y: height - 6, 'text-anchor': 'end' }, figure.x.label),
  );
  return svg;
}

/** Pixels from the name of a rule to the next. */
const ruleRow = 15;
