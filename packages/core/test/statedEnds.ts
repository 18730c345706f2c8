import type { Schedule } from '../src/index.ts';
import type { Options } from './optionArbitraries.ts';

/** A value exactly, or within rounding errors that arithmetic on the way cannot avoid. */
export type Stated = number | { readonly near: number; readonly within: number };

/** What step 0 yields, and which value is reached at which step and held; undefined where there is no such end. */
export interface StatedEnds {
  readonly start: (options: Options) => Stated | undefined;
  readonly end?: (options: Options) => { readonly step: number; readonly value: Stated } | undefined;
}

const n = (options: Options, name: string): number => options[name] as number;
const at = (child: unknown, step: number): number => (typeof child === 'number' ? child : (child as Schedule)(step));
/** A few roundings of a result of this size: 8 units in the last place, also of the smallest doubles. */
const rounded = (near: number): Stated => ({ near, within: 8 * (Number.EPSILON * Math.abs(near) + Number.MIN_VALUE) });

/** The whole step at or after a sum of durations that may have been rounded down. */
const after = (sum: number): number => Math.ceil(sum * (1 + 1e-12));

const initValue = (options: Options): number => n(options, 'initValue');
const endOf =
  (durations: string, value = 'endValue') =>
  (options: Options) => ({
    step: n(options, durations),
    value: n(options, value),
  });
const held = (options: Options): boolean => options['pastEnd'] === 'hold';
const lastOf = (list: unknown): number => (list as number[]).at(-1) ?? 0;
const childStart = ({ schedule }: Options): number => at(schedule, 0);

export const statedEnds: Readonly<Record<string, StatedEnds>> = {
  constant: { start: (o) => n(o, 'value'), end: (o) => ({ step: 0, value: n(o, 'value') }) },
  linear: { start: initValue, end: endOf('decaySteps') },
  polynomialDecay: { start: initValue, end: (o) => (held(o) ? endOf('decaySteps')(o) : undefined) },
  cosineDecay: { start: initValue, end: (o) => (held(o) ? endOf('decaySteps')(o) : undefined) },
  tanhDecay: {
    start: (o) => (o['ends'] === 'raw' ? undefined : initValue(o)),
    end: endOf('decaySteps'),
  },
  rexDecay: { start: initValue, end: endOf('decaySteps') },
  inverseLinearDecay: { start: initValue, end: endOf('decaySteps') },
  sweep: { start: initValue, end: endOf('sweepSteps') },
  infinite: { start: initValue, end: endOf('cooldownSteps', 'constantValue') },
  stableDecay: {
    start: initValue,
    end: (o) => ({ step: after(n(o, 'stableSteps') + n(o, 'decaySteps')), value: n(o, 'endValue') }),
  },
  triStage: {
    start: (o) => n(o, 'peakValue') * (n(o, 'warmupSteps') > 0 ? n(o, 'startFactor') : 1),
    end: (o) => ({
      step: after(n(o, 'warmupSteps') + n(o, 'holdSteps') + n(o, 'decaySteps')),
      value: n(o, 'peakValue') * n(o, 'endFactor'),
    }),
  },
  slantedTriangular: {
    start: (o) => n(o, 'peakValue') * (n(o, 'peakFraction') > 0 ? n(o, 'endFactor') : 1),
    end: (o) => ({ step: n(o, 'totalSteps'), value: n(o, 'peakValue') * n(o, 'endFactor') }),
  },
  oneCycle: {
    start: (o) => {
      const isBeforePeak = n(o, 'peakFraction') * n(o, 'totalSteps') > 1;
      return isBeforePeak ? initValue(o) : undefined;
    },
    end: (o) =>
      held(o) && n(o, 'totalSteps') > 1 && n(o, 'peakFraction') < 1
        ? { step: n(o, 'totalSteps') - 1, value: n(o, 'endValue') }
        : undefined,
  },
  exponentialDecay: { start: initValue },
  naturalExponentialDecay: { start: initValue },
  stepDecay: { start: initValue },
  inverseTimeDecay: { start: initValue },
  inverseSqrtDecay: { start: initValue },
  powerDecay: { start: initValue },
  cyclic: { start: initValue },
  warmRestarts: {
    start: (o) =>
      n(o, 'cycleLimit') > 0 ? between(n(o, 'endValue'), initValue(o), startOfCurve(o)) : n(o, 'endValue'),
    end: (o) => {
      const cycles = n(o, 'cycleLimit');
      if (cycles > 5) return undefined;
      const shrunk = o['decays'] === 'all' ? n(o, 'decayFactor') ** Math.max(0, cycles - 1) : 1;
      return { step: cycleStart(o, cycles), value: rounded(n(o, 'endValue') * shrunk) };
    },
  },
  repeat: {
    start: childStart,
    end: (o) => {
      const cycles = n(o, 'cycleLimit');
      if (cycles > 16) return undefined;
      const value = n(o, 'decayFactor') ** (cycles - 1) * at(o['schedule'], n(o, 'cycleSteps'));
      return { step: cycleStart(o, cycles), value: rounded(value) };
    },
  },
  noam: {
    start: (o) => rounded(n(o, 'scaleFactor') * n(o, 'modelSize') ** -0.5 * Math.min(1, n(o, 'warmupSteps') ** -1.5)),
  },
  chebyshev: {
    start: (o) => {
      const [most, least] = [1 / n(o, 'endValue'), 1 / n(o, 'peakValue')];
      return rounded(2 / (most + least - (most - least) * Math.cos(Math.PI / (2 * n(o, 'cycleSteps')))));
    },
  },
  multiStepDecay: {
    start: (o) => ((o['boundaries'] as number[])[0] === 0 ? undefined : initValue(o)),
    end: (o) => {
      const boundaries = o['boundaries'] as number[];
      const factors = o['factors'] as number[];
      const product = factors.length > 0 ? factors.reduce((a, b) => a * b, 1) : n(o, 'dropFactor') ** boundaries.length;
      return { step: lastOf(boundaries) + 1, value: rounded(initValue(o) * product) };
    },
  },
  piecewiseConstant: {
    start: (o) => ((o['boundaries'] as number[])[0] === 0 ? undefined : (o['values'] as number[])[0]!),
    end: (o) => ({ step: lastOf(o['boundaries']) + 1, value: lastOf(o['values']) }),
  },
  interpolate: {
    start: (o) =>
      (o['values'] as number[])[(o['knots'] as number[]).filter((knot) => knot <= 0).length - 1] ??
      (o['values'] as number[])[0]!,
    end: (o) => ({ step: lastOf(o['knots']), value: lastOf(o['values']) }),
  },
  scale: { start: (o) => n(o, 'factor') * childStart(o) },
  multiply: {
    start: (o) => (o['schedules'] as unknown[]).reduce((product: number, child) => product * at(child, 0), 1),
  },
  add: { start: (o) => (o['schedules'] as unknown[]).reduce((sum: number, child) => sum + at(child, 0), 0) },
  clamp: { start: (o) => Math.min(n(o, 'maxValue'), Math.max(n(o, 'minValue'), childStart(o))) },
  shift: { start: ({ schedule, shiftSteps }) => at(schedule, Math.max(0, -(shiftSteps as number))) },
  stretch: { start: childStart },
  hold: {
    start: childStart,
    end: ({ schedule, fromSteps }) => ({ step: fromSteps as number, value: at(schedule, fromSteps as number) }),
  },
  quantize: { start: childStart },
  perEpoch: { start: childStart },
  inEpochs: { start: childStart },
  annealFrom: {
    start: childStart,
    end: (o) => ({ step: after(n(o, 'atSteps') + n(o, 'decaySteps')), value: n(o, 'endValue') }),
  },
  sequence: {
    start: ({ schedules, boundaries }) =>
      at((schedules as unknown[])[(boundaries as number[]).filter((boundary) => boundary <= 0).length], 0),
  },
  warmup: {
    start: (o) => {
      const rise = n(o, 'warmupSteps') - (o['reach'] === 'last' ? 1 : 0);
      return rise > 0 ? n(o, 'startFactor') * childStart(o) : childStart(o);
    },
  },
  dampen: {
    start: (o) => {
      const omega = {
        linear: Math.min(1, 1 / n(o, 'dampenSteps')),
        exponential: -Math.expm1(-1 / n(o, 'dampenSteps')),
      };
      const known = omega[o['shape'] as 'linear'];
      return known === undefined ? undefined : known * childStart(o);
    },
  },
  pulse: {
    start: (o) => (n(o, 'atSteps') > 0 ? childStart(o) : undefined),
  },
  noise: {
    start: (o) =>
      n(o, 'fromSteps') > 0 ? childStart(o) : { near: childStart(o), within: n(o, 'amount') * childStart(o) },
  },
  scaleToBatch: {
    start: (o) => {
      const ratio = n(o, 'batchSize') / n(o, 'baseBatchSize');
      return (o['rule'] === 'linear' ? ratio : Math.sqrt(ratio)) * childStart(o);
    },
  },
  recurrence: { start: initValue },
};

const between = (a: number, b: number, x: number): number => a * (1 - x) + b * x;
const startOfCurve = ({ schedule }: Options): number => at(schedule, 0);

/** Where a cycle begins, by adding up lengths; the next whole step, so that roundings do not matter. */
function cycleStart(options: Options, index: number): number {
  let start = 0;
  for (let i = 0, length = n(options, 'cycleSteps'); i < index; i += 1, length *= n(options, 'cycleFactor'))
    start += length;
  return after(start);
}
