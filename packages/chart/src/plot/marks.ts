import * as Plot from '@observablehq/plot';
import type { Figure, Mark, NumberScale, Place } from '../figure.ts';
import { isDrawn } from '../layout/domainOf.ts';
import { thinned } from '../layout/thinned.ts';
import { lineStyles } from '../style/lineStyles.ts';

/**
 * A mark of ours as marks of Plot. Gaps become NaN, which Plot leaves out.
 *
 * @param raise how far above the figure the name of a vertical rule stands
 */
export function plotMarks(mark: Mark, color: number, figure: Figure, raise: number): Plot.Markish[] {
  const stroke = `var(--s${color})`;
  const along = (direction: 'x' | 'y') => (place: Place, i: number) => drawable(place[i], figure[direction]);
  const [x, y] = [along('x'), along('y')];
  switch (mark.mark) {
    case 'line': {
      const rows = thinned(mark.y, (value): value is number => isDrawn(value, figure.y as NumberScale));
      const options = { x: (i: number) => x(mark.x, i), y: (i: number) => y(mark.y, i) };
      const alone = rows.filter((_, at) =>
        [rows[at - 1], rows[at + 1]].every((i) => i === undefined || Number.isNaN(y(mark.y, i))),
      );
      return [
        Plot.line(rows, { ...options, stroke, ...lineStyles[mark.style ?? 'solid'] }),
        // A point between two gaps is no line.
        ...(alone.length > 0 ? [Plot.dot(alone, { ...options, fill: stroke, r: 2.5 })] : []),
      ];
    }
    case 'area': {
      const options = {
        x: (i: number) => x(mark.x, i),
        y1: (i: number) => y(mark.low, i),
        y2: (i: number) => y(mark.high, i),
      };
      return [Plot.areaY(rowsOf(mark.x), { ...options, fill: stroke, fillOpacity: 0.18 })];
    }
    case 'dot':
      return [
        Plot.dot(rowsOf(mark.x), {
          x: (i: number) => x(mark.x, i),
          y: (i: number) => y(mark.y, i),
          fill: stroke,
          r: 3.5,
        }),
      ];
    case 'interval': {
      const line = { stroke, strokeWidth: 2, strokeLinecap: 'round' } as const;
      return mark.y === undefined
        ? [
            Plot.ruleX(rowsOf(mark.x), {
              x: (i: number) => x(mark.x, i),
              y1: (i: number) => y(mark.low, i),
              y2: (i: number) => y(mark.high, i),
              ...line,
            }),
          ]
        : [
            Plot.ruleY(rowsOf(mark.y), {
              y: (i: number) => y(mark.y, i),
              x1: (i: number) => x(mark.low, i),
              x2: (i: number) => x(mark.high, i),
              ...line,
            }),
          ];
    }
    case 'bar': {
      const options = { x: (i: number) => x(mark.x, i), y: (i: number) => y(mark.y, i), fill: stroke };
      return [figure.x.type === 'words' ? Plot.barY(rowsOf(mark.x), options) : Plot.barX(rowsOf(mark.x), options)];
    }
    case 'rule': {
      const line = { stroke: 'var(--quiet)', strokeWidth: 1.2, strokeDasharray: '2 3' } as const;
      // On a halo of the ground, so that it is read over lines.
      const text = { text: [mark.name], fill: 'var(--ink)', stroke: 'var(--ground)', strokeWidth: 4 } as const;
      const [x, y] = [
        { frameAnchor: 'top', lineAnchor: 'bottom', dy: -9 - raise },
        { frameAnchor: 'right', textAnchor: 'end', dy: -8 },
      ] as const;
      return mark.y === undefined
        ? [Plot.ruleX([mark.x], line), Plot.text([0], { ...text, x: [mark.x], ...x })]
        : [Plot.ruleY([mark.y], line), Plot.text([0], { ...text, y: [mark.y], ...y })];
    }
  }
}

const rowsOf = (place: Place): readonly number[] => Array.from({ length: place.length }, (_, i) => i);

function drawable(value: string | number | null | undefined, scale: Figure['x']): string | number {
  if (scale.type === 'words') return value as string;
  return isDrawn(value as number | null, scale) ? (value as number) : Number.NaN;
}
