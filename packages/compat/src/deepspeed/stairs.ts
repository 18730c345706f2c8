import { linear, piecewiseConstant, quantize, type DescribedSchedule, type Kind } from '@anneal/core';

/** How many stairs a way has; 0 for none. Each is an entry of a table, so their number is bounded. */
export const stairs: Kind<number> = {
  kind: 'stairs',
  rule: 'an integer in [0, 1000]',
  read: (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 1000 ? value + 0 : undefined,
};

/** A straight line, or so many equal stairs in its place: a stair is in force from its step on. */
export function way(from: number, to: number, length: number, stairs: number): DescribedSchedule {
  const line = linear({ initValue: from, endValue: to, decaySteps: length });
  return stairs === 0 ? line : quantize({ schedule: line, everySteps: length / stairs });
}

/** The way back: its stairs round down what is left of it, so each is in force up to its step. */
export function wayBack(from: number, to: number, length: number, stairs: number): DescribedSchedule {
  const line = linear({ initValue: from, endValue: to, decaySteps: length });
  if (stairs === 0) return line;
  const edges = Array.from({ length: stairs }, (_, i) => (length * i) / stairs);
  return piecewiseConstant({ boundaries: edges, values: [...edges.map(line), to], change: 'after' });
}
