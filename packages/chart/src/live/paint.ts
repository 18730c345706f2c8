import type uPlot from 'uplot';
import type { Channel, Figure, NumberFigure } from '../figure.ts';
import { isDrawn } from '../layout/domainOf.ts';
import { colorsOf } from '../layout/entries.ts';
import type { Colors } from './colorsIn.ts';

/** What lies under the lines: areas. */
export function paintUnder(chart: uPlot, figure: NumberFigure, colors: Colors): void {
  inside(chart, (context, at) => {
    eachMark(figure, colors, (mark, color) => {
      if (mark.mark !== 'area') return;
      context.fillStyle = color;
      context.globalAlpha = 0.18;
      for (const part of stretches(mark.x.length, (i) => [mark.low, mark.high].every((y) => isDrawn(y[i], figure.y)))) {
        context.beginPath();
        for (const i of part) context.lineTo(...at(mark.x[i]!, mark.high[i]!));
        for (const i of part.toReversed()) context.lineTo(...at(mark.x[i]!, mark.low[i]!));
        context.fill();
      }
    });
  });
}

/** What lies over the lines: dots and rules, with the names of the rules. */
export function paintOver(chart: uPlot, figure: NumberFigure, colors: Colors): void {
  inside(chart, (context, at) => {
    const pixel = devicePixelRatio;
    const { left, top, width, height } = chart.bbox;
    eachMark(figure, colors, (mark, color) => {
      if (mark.mark === 'dot') {
        context.fillStyle = color;
        for (let i = 0; i < mark.x.length; i++) {
          const [x, y] = [(mark.x as Channel)[i], (mark.y as Channel)[i]];
          if (!isDrawn(x, figure.x) || !isDrawn(y, figure.y)) continue;
          context.beginPath();
          context.arc(...at(x, y), 3.5 * pixel, 0, 2 * Math.PI);
          context.fill();
        }
      } else if (mark.mark === 'rule') {
        context.strokeStyle = colors.quiet;
        context.fillStyle = colors.ink;
        context.lineWidth = pixel;
        context.font = `${12 * pixel}px ui-sans-serif, system-ui, sans-serif`;
        context.setLineDash([2 * pixel, 3 * pixel]);
        context.beginPath();
        if (mark.y === undefined) {
          const [x] = at(mark.x, figure.y.type === 'log' ? 1 : 0);
          context.moveTo(x, top);
          context.lineTo(x, top + height);
          context.textAlign = x > left + width / 2 ? 'right' : 'left';
          context.fillText(mark.name, x + (x > left + width / 2 ? -5 : 5) * pixel, top + 12 * pixel);
        } else {
          const [, y] = at(figure.x.type === 'log' ? 1 : 0, mark.y);
          context.moveTo(left, y);
          context.lineTo(left + width, y);
          context.textAlign = 'right';
          context.fillText(mark.name, left + width - 4 * pixel, y - 5 * pixel);
        }
        context.stroke();
      }
    });
  });
}

type Place = (x: number, y: number) => [x: number, y: number];

/** Paints within the frame of a chart, and leaves its context as it was. */
function inside(chart: uPlot, paint: (context: CanvasRenderingContext2D, at: Place) => void): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  paint(ctx, (x, y) => [chart.valToPos(x, 'x', true), chart.valToPos(y, 'y', true)]);
  ctx.restore();
}

function eachMark(figure: Figure, colors: Colors, paint: (mark: Figure['marks'][number], color: string) => void): void {
  const shades = colorsOf(figure);
  figure.marks.forEach((mark, i) => paint(mark, colors.series[shades[i]!]!));
}

/** Places in a row for which something holds, from the first on. */
function stretches(length: number, holds: (i: number) => boolean): readonly (readonly number[])[] {
  const parts: number[][] = [];
  for (let i = 0; i < length; i++) {
    if (!holds(i)) continue;
    if (i === 0 || !holds(i - 1)) parts.push([]);
    parts.at(-1)!.push(i);
  }
  return parts;
}
