import type { Channel, Figure, Mark, NumberScale } from '../figure.ts';

/** The ends of a direction of numbers: those given, or those of what is drawn. */
export function domainOf(figure: Figure, direction: 'x' | 'y'): readonly [min: number, max: number] {
  const scale = figure[direction] as NumberScale;
  if (scale.domain !== undefined) return scale.domain;
  let [min, max] = [Infinity, -Infinity];
  const take = (value: number | null | undefined): void => {
    if (!isDrawn(value, scale)) return;
    [min, max] = [Math.min(min, value), Math.max(max, value)];
  };
  for (const mark of figure.marks)
    for (const channel of numbersAlong(mark, direction)) Array.prototype.forEach.call(channel, take);
  const log = scale.type === 'log';
  if (min > max) return log ? [0.1, 1] : [0, 1];
  const bars = figure.marks.some(({ mark }) => mark === 'bar');
  // Lines above 0 are compared from 0 on; what changes by little far from it would be flat.
  if (!log && (bars || (direction === 'y' && figure.marks.some(({ mark }) => mark === 'line')))) take(0);
  if (min < max) return open(figure, direction) ? widened(min, max, log) : [min, max];
  if (log) return [min / 2, max * 2];
  return min === 0 ? [0, 1] : min > 0 ? [0, 2 * min] : [2 * min, 0];
}

/** Whether dots or intervals would stand on the ends. */
const open = ({ marks }: Figure, direction: 'x' | 'y'): boolean =>
  marks.every(({ mark }) => mark !== 'line' && mark !== 'bar' && mark !== 'area') &&
  marks.some((mark) => numbersAlong(mark, direction).length > 0);

function widened(min: number, max: number, log: boolean): [number, number] {
  if (!log) return [min - 0.04 * (max - min), max + 0.04 * (max - min)];
  const factor = (max / min) ** 0.04;
  return [min / factor, max * factor];
}

/** Whether a number is drawn, and is no gap. */
export const isDrawn = (value: number | null | undefined, { type }: NumberScale): value is number =>
  value !== null && value !== undefined && Number.isFinite(value) && (type !== 'log' || value > 0);

/** The channels of a mark whose numbers run along a direction. */
function numbersAlong(mark: Mark, direction: 'x' | 'y'): readonly Channel[] {
  if (mark.mark === 'rule') return mark[direction] === undefined ? [] : [[mark[direction]]];
  const own = (mark as { x?: Channel; y?: Channel })[direction];
  if (mark.mark === 'interval') return own === undefined ? [mark.low, mark.high] : [own];
  if (mark.mark === 'area') return direction === 'x' ? [mark.x] : [mark.low, mark.high];
  return own === undefined ? [] : [own];
}
