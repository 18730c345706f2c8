import type { ControllerSpecs, ScheduleSpec } from '@anneal/core';
import { complete } from '../complete.ts';
import type { LeafLink } from './leaf.ts';

/** When what a step does begins to repeat, and after how many steps. */
export interface Rhythm {
  readonly settles: number;
  readonly period: number;
}

type Complete<T extends string> = Extract<Required<Exclude<ScheduleSpec, keyof ControllerSpecs>>, { readonly type: T }>;

/** Of a schedule; undefined where nothing repeats. A factor in front of all values does not count where only ratios do. */
type Rule = (spec: never, ratios: boolean) => Rhythm | undefined;

const settled = (settles: number): Rhythm => ({ settles: Math.ceil(settles) + 1, period: 1 });
const repeating = (period: number): Rhythm | undefined =>
  Number.isInteger(period) ? { settles: 0, period } : undefined;

const rules: Readonly<Record<string, Rule>> = {
  constant: () => settled(0),
  linear: ({ decaySteps }: Complete<'linear'>) => settled(decaySteps),
  polynomialDecay: ({ decaySteps, pastEnd }: Complete<'polynomialDecay'>) =>
    pastEnd === 'hold' ? settled(decaySteps) : undefined,
  cosineDecay: ({ decaySteps, pastEnd }: Complete<'cosineDecay'>) =>
    pastEnd === 'hold' ? settled(decaySteps) : repeating(Number.isInteger(decaySteps) ? 2 * decaySteps : NaN),
  exponentialDecay: (_, ratios) => (ratios ? settled(0) : undefined),
  stepDecay: ({ dropSteps }: Complete<'stepDecay'>, ratios) => (ratios ? repeating(dropSteps) : undefined),
  multiStepDecay: ({ boundaries }: Complete<'multiStepDecay'>) => settled(boundaries.at(-1) ?? 0),
  piecewiseConstant: ({ boundaries }: Complete<'piecewiseConstant'>) => settled(boundaries.at(-1) ?? 0),
  hold: ({ fromSteps }: Complete<'hold'>) => settled(fromSteps),
  shift: ({ schedule, shiftSteps }: Complete<'shift'>, ratios) => {
    const inner = rhythmOf(schedule, ratios);
    return inner && { settles: Math.max(0, shiftSteps, inner.settles + shiftSteps), period: inner.period };
  },
  scale: ({ schedule }: Complete<'scale'>, ratios) => rhythmOf(schedule, ratios),
};

function rhythmOf(given: ScheduleSpec | number, ratios: boolean): Rhythm | undefined {
  if (typeof given === 'number') return settled(0);
  const rule = Object.hasOwn(rules, given.type) ? rules[given.type] : undefined;
  return rule?.(complete(given) as never, ratios);
}

/** Of what one link does to the rate in force. */
export const rhythmOfLink = ({ rule, schedule }: LeafLink): Rhythm | undefined =>
  rhythmOf(schedule.spec, rule === 'ratio' || rule === 'approach');

/** The rhythm of all at once; undefined where one has none. */
export function together(rhythms: readonly (Rhythm | undefined)[]): Rhythm | undefined {
  let all: Rhythm = { settles: 0, period: 1 };
  for (const one of rhythms) {
    if (one === undefined) return undefined;
    all = { settles: Math.max(all.settles, one.settles), period: leastCommon(all.period, one.period) };
  }
  return all;
}

function leastCommon(a: number, b: number): number {
  let [high, low] = [a, b];
  while (low > 0) [high, low] = [low, high % low];
  return (a / high) * b;
}
