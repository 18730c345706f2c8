// Arbitraries of options, derived from the kinds of a definition's parameters: a new definition has its laws checked
// without a line here, unless its parameters constrain each other.
import * as fc from 'fast-check';
import {
  clamp,
  cosineDecay,
  exponentialDecay,
  linear,
  ScheduleError,
  type AnyControllerDefinition,
  type AnyScheduleDefinition,
  type Kind,
  type Param,
} from '../src/index.ts';

export type Options = Record<string, unknown>;
export type AnyDefinition = AnyScheduleDefinition | AnyControllerDefinition;

export const kindOf = (param: Param): Kind => ('kind' in param ? param : param[0]);
export const isRequired = (param: Param): boolean => 'kind' in param;

const between = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
const whole = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });

const leaf: fc.Arbitrary<unknown> = fc.oneof(
  between(0, 2),
  fc.tuple(between(0.01, 2), whole(1, 60)).map(([initValue, decaySteps]) => cosineDecay({ initValue, decaySteps })),
  fc.tuple(between(0, 2), between(0, 2), whole(1, 60)).map(([initValue, endValue, decaySteps]) => {
    return linear({ initValue, endValue, decaySteps });
  }),
  fc.tuple(between(0, 2), between(0.8, 1)).map(([initValue, gamma]) => exponentialDecay({ initValue, gamma })),
);

const byKind: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  rate: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 9, arbitrary: between(1e-6, 3) }),
  steps: fc.oneof(whole(1, 60), between(0.5, 60)),
  stepsOrZero: fc.oneof(whole(0, 60), between(0, 60)),
  wholeSteps: whole(1, 60),
  offsetSteps: between(-40, 40),
  factor: fc.oneof(fc.constantFrom(0, 1), between(0, 3)),
  positiveFactor: between(0.01, 5),
  fraction: fc.oneof(fc.constantFrom(0, 1), between(0, 1)),
  positiveFraction: between(1e-6, 1),
  properFraction: fc.oneof(fc.constant(0), between(0, 0.999)),
  growth: fc.oneof(fc.constantFrom(1, 1.1, 1.5, 2, 3, 9, 10), between(1, 4)),
  integer: whole(1, 16),
  count: whole(0, 5),
  real: between(-8, 8),
  flag: fc.boolean(),
  text: fc.constantFrom('loss', 'accuracy', 'gradientNorm'),
  child: leaf,
};

export function valueOf(kind: Kind): fc.Arbitrary<unknown> {
  if (kind.choices !== undefined) return fc.constantFrom(...kind.choices);
  if (kind.element !== undefined) {
    const minLength = Math.max(1, kind.minLength ?? 0);
    return fc.array(valueOf(kind.element), { minLength, maxLength: minLength + 3 });
  }
  const arbitrary = byKind[kind.kind];
  if (arbitrary === undefined)
    throw new Error(`no arbitrary for the kind ${kind.kind}: add it to optionArbitraries.ts`);
  return arbitrary;
}

/** Brings options that were made one by one into agreement, where parameters of a type constrain each other. */
const agreeing: Readonly<Record<string, (options: Options) => Options>> = {
  sequence: ({ schedules, boundaries }) => ({ schedules, boundaries: fitted(boundaries, lengthOf(schedules) - 1, 0) }),
  multiStepDecay: ({ boundaries, factors, dropFactor, ...rest }) => ({
    ...rest,
    boundaries: sorted(boundaries),
    ...(factors === undefined ? { dropFactor } : { factors: fitted(factors, lengthOf(boundaries), 0.5, false) }),
  }),
  piecewiseConstant: ({ boundaries, values, ...rest }) => ({
    ...rest,
    boundaries: fitted(boundaries, lengthOf(values) - 1, 0),
    values,
  }),
  interpolate: ({ knots, values, ...rest }) => ({ ...rest, knots: fitted(knots, lengthOf(values), 0), values }),
  chebyshev: ({ peakValue, endValue, cycleSteps }) => ({
    // No smaller value than 5 comes out for the one and no greater for the other.
    peakValue: (peakValue as number) > 5 ? peakValue : 5 + (peakValue as number),
    endValue,
    cycleSteps: 2 ** Math.ceil(Math.log2(cycleSteps as number)),
  }),
  tanhDecay: ({ lower = -7, upper = 3, ...rest }) => ({
    ...rest,
    lower: -Math.abs(lower as number),
    upper: Math.abs(upper as number) + ((upper as number) <= 0 ? 0.1 : 0),
  }),
  oneCycle: ({ peakFraction, ...rest }) => ({
    ...rest,
    peakFraction: rest['threePhase'] === true ? ((peakFraction ?? 0.3) as number) / 2 : peakFraction,
  }),
  stableDecay: ({ saturation, ...rest }) =>
    rest['shape'] === 'saturating' ? { ...rest, saturation: 0.9 * Math.min(1, (saturation ?? 0.5) as number) } : rest,
  infinite: ({ sharpness, ...rest }) => (rest['shape'] === 'cosine' ? rest : { ...rest, sharpness }),
  warmup: ({ power, ...rest }) => (rest['shape'] === 'power' ? { ...rest, power } : rest),
  dampen: ({ shape, beta2, dampenSteps, schedule }) => {
    if (shape === 'rectified') return { schedule, shape, beta2: 0.65 + ((beta2 ?? 0.5) as number) / 3 };
    return dampenSteps === undefined ? { schedule, shape, beta2 } : { schedule, shape, dampenSteps };
  },
  clamp: ({ schedule, minValue = 0, maxValue }) => ({
    schedule,
    minValue,
    maxValue: maxValue === undefined ? undefined : Math.max(minValue as number, maxValue as number),
  }),
  warmRestarts: ({ schedule, ...rest }) => ({ ...rest, schedule: schedule && unitCurve(schedule) }),
  noise: ({ fromSteps = 0, untilSteps, ...rest }) => ({
    ...rest,
    fromSteps,
    untilSteps: untilSteps === undefined ? undefined : (fromSteps as number) + (untilSteps as number) + 1,
  }),
  recurrence: ({ schedules, rules, floorValues, fromSteps, untilSteps, periodSteps, ...rest }) => ({
    ...rest,
    periodSteps: periodSteps && Math.min(periodSteps as number, rest['lengthSteps'] as number),
    schedules,
    rules: fitted(rules, lengthOf(schedules), 'multiply', false),
    floorValues: floorValues && fitted(floorValues, lengthOf(schedules), 0, false),
    fromSteps: fromSteps && fitted(fromSteps, lengthOf(schedules), 0, false),
    untilSteps: untilSteps && fitted(untilSteps, lengthOf(schedules), 30, false),
  }),
  reduceOnPlateau: ({ extraThreshold, ...rest }) =>
    rest['thresholdMode'] === undefined || ['relative', 'signedRelative'].includes(rest['thresholdMode'] as string)
      ? { ...rest, extraThreshold }
      : rest,
  greedy: ({ changeFactor = 0.5, minFactor, maxFactor, minValue = 0, maxValue, ...rest }) => ({
    ...rest,
    changeFactor: isWithin(changeFactor, 0.01, 0.99) ? changeFactor : 0.5,
    minFactor: isWithin(minFactor, 0, 1) ? minFactor : undefined,
    maxFactor: isWithin(maxFactor, 1, Infinity) ? maxFactor : undefined,
    minValue,
    maxValue: isWithin(maxValue, minValue as number, Infinity) ? maxValue : undefined,
  }),
  spikeGuard: ({ cutFactor, rewarmSteps, ...rest }) => ({
    ...rest,
    cutFactor: cutFactor === 1 ? 0.5 : cutFactor,
    rewarmSteps: rewarmSteps === 0 ? 1 : rewarmSteps,
  }),
};

const isWithin = (value: unknown, min: number, max: number): boolean =>
  (value as number) >= min && (value as number) <= max;

/** A curve that stays within [0, 1], which is what is asked for there. */
const unitCurve = (schedule: unknown): unknown => clamp({ schedule: schedule as number, maxValue: 1 });

const lengthOf = (list: unknown): number => (list as unknown[]).length;
const sorted = (list: unknown): unknown[] => [...(list as number[])].sort((a, b) => a - b);

function fitted(list: unknown, length: number, filler: unknown, sort = true): unknown[] {
  const long = [...((list ?? []) as unknown[])];
  while (long.length < length) long.push(filler);
  return sort ? sorted(long.slice(0, length)) : long.slice(0, length);
}

/** The options that are not undefined, brought into agreement. */
export function agreed(definition: AnyDefinition, options: Options): Options {
  const agree = agreeing[definition.type];
  const complete = agree === undefined ? options : agree(options);
  return Object.fromEntries(Object.entries(complete).filter(([, value]) => value !== undefined));
}

/** Options that the definition takes; the few that still contradict each other are left out. */
export function optionsOf(definition: AnyDefinition): fc.Arbitrary<Options> {
  const record = Object.fromEntries(
    Object.entries(definition.params).map(([name, param]) => {
      const value = valueOf(kindOf(param));
      return [name, isRequired(param) ? value : fc.option(value, { nil: undefined })];
    }),
  );
  return fc
    .record(record)
    .map((options) => agreed(definition, options))
    .filter((options) => isAccepted(definition, options));
}

export function isAccepted(definition: AnyDefinition, options: Options): boolean {
  try {
    create(definition, options);
    return true;
  } catch (error) {
    if (error instanceof ScheduleError && error.code === 'contradiction') return false;
    throw error;
  }
}

export function create<D extends AnyDefinition>(definition: D, options: Options): ReturnType<D> {
  return (definition as unknown as (options: Options) => ReturnType<D>)(options);
}

const extremes = [
  0,
  5e-324,
  1e-300,
  1e-160,
  0.1,
  0.999,
  1,
  1.1,
  2,
  10,
  999,
  1e12,
  2 ** 53,
  1e160,
  1e300,
  1.7e308,
  -1,
  -1e300,
];
const ends: readonly number[] = [...extremes, Number.MAX_VALUE];

/** Options at the ends of what each kind allows, as far as the definition takes them together. */
export function extremeOptionsOf(definition: AnyDefinition): fc.Arbitrary<Options> {
  const extreme = (kind: Kind): fc.Arbitrary<unknown> => {
    if (kind.kind === 'child') return fc.constantFrom<unknown>(...ends.filter((end) => end >= 0), ...extremeSchedules);
    if (kind.element !== undefined)
      return fc
        .array(extreme(kind.element), { minLength: Math.max(1, kind.minLength ?? 0), maxLength: 3 })
        .map((list) => (typeof list[0] === 'number' ? sorted(list) : list));
    const allowed = ends.filter((end) => kind.read(end) !== undefined);
    return allowed.length === 0 ? valueOf(kind) : fc.constantFrom<unknown>(...allowed);
  };
  const record = Object.entries(definition.params).map(([name, param]) => {
    const value = extreme(kindOf(param));
    return [name, isRequired(param) ? value : fc.option(value, { nil: undefined })] as const;
  });
  return fc.record(Object.fromEntries(record)).map((options) => agreed(definition, options));
}

const { MAX_VALUE } = Number;
const extremeSchedules = [
  exponentialDecay({ initValue: MAX_VALUE, gamma: 1.5 }),
  linear({ initValue: MAX_VALUE, endValue: 5e-324, decaySteps: 5e-324 }),
  cosineDecay({ initValue: 1e300, endValue: MAX_VALUE, decaySteps: MAX_VALUE }),
  // A step that is not finite is none.
  (step: number) => (step < Infinity ? 1 : Number.NaN),
];

/** Whether some sample passes the test, looked for in batches, always the same ones. */
export function isWitnessed<T>(arbitrary: fc.Arbitrary<T>, passes: (sample: T) => boolean): boolean {
  for (let seed = 1; seed <= 60; seed += 1) {
    if (fc.sample(arbitrary, { numRuns: 100, seed }).some(passes)) return true;
  }
  return false;
}
