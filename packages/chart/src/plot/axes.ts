import type { ScaleOptions } from '@observablehq/plot';
import type { Figure } from '../figure.ts';
import { domainOf } from '../layout/domainOf.ts';
import { ticksOf, tickLabels } from '../numbers/ticks.ts';

/** An axis: what Plot makes its scale of, where it has ticks, and their labels, which decide how much room it needs. */
export interface Axis {
  readonly scale: ScaleOptions;
  readonly ticks: readonly (number | string)[];
  readonly labels: readonly string[];
}

/** @param count about how many ticks of numbers there is room for */
export function axisOf(figure: Figure, direction: 'x' | 'y', count: number): Axis {
  const scale = figure[direction];
  if (scale.type === 'words') {
    const { domain } = scale;
    const bars = figure.marks.some(({ mark }) => mark === 'bar');
    return {
      scale: bars ? { type: 'band', domain, padding: 0.3 } : { type: 'point', domain },
      ticks: domain,
      labels: domain,
    };
  }
  const { type = 'linear', unit } = scale;
  const [min, max] = domainOf(figure, direction);
  const ticks = ticksOf(min, max, count, unit, type);
  return { scale: { type, domain: [min, max] }, ticks, labels: tickLabels(ticks, unit, type) };
}

/** What Plot writes at the ticks of an axis. */
export const written = ({
  ticks,
  labels,
}: Axis): { ticks: (number | string)[]; tickFormat: (tick: unknown) => string } => ({
  ticks: [...ticks],
  tickFormat: (tick) => labels[ticks.indexOf(tick as number)] ?? '',
});
