import type { Schedule, ScheduleSpec, ScheduleSpecs } from '@anneal/core';
import { parsePlan } from '../parsePlan.ts';
import { complete } from '../complete.ts';
import { noForm, pythonFloat, pythonNumber } from '../python.ts';
import { onlyIn, writtenBy, type Writers } from '../writers.ts';
import { call, constantAt, exponential, joined, lambda, scalesAt, transition, type ExponentialExtras } from './text.ts';

const only = onlyIn('optax');

/** The Python expression of a schedule of optax: a function of the count. */
const writers: Writers<string> = {
  constant: ({ value }) => constantAt(value),

  linear: ({ initValue, endValue, decaySteps }) => transition(initValue, endValue, decaySteps),

  polynomialDecay: ({ initValue, endValue, decaySteps, power, kDecay, pastEnd }, path) => {
    only('polynomialDecay', path, { kDecay: kDecay === 1, pastEnd: pastEnd === 'hold' });
    return transition(initValue, endValue, decaySteps, power);
  },

  cosineDecay: ({ initValue, endValue, decaySteps, power, kDecay, pastEnd }, path) => {
    only('cosineDecay', path, { kDecay: kDecay === 1, pastEnd: pastEnd === 'hold' });
    return cosine(initValue, endValue, decaySteps, power, path);
  },

  exponentialDecay: (spec, path) => geometric(spec, path, {})!,

  naturalExponentialDecay: ({ initValue, decayRate }) =>
    decayRate === 0 ? constantAt(initValue) : exponential(initValue, Math.exp(-1), 1 / decayRate),

  stepDecay: (spec, path) => geometric(spec, path, {})!,

  multiStepDecay: (spec, path) => {
    const { initValue, boundaries, factors, dropFactor, change } = spec;
    const scales = new Map<number, number>();
    boundaries.forEach((boundary, i) => {
      const at = entry('multiStepDecay', boundary, change, path);
      scales.set(at, (scales.get(at) ?? 1) * (factors[i] ?? dropFactor));
    });
    return call('piecewise_constant_schedule', {
      init_value: pythonFloat(initValue),
      boundaries_and_scales: scalesAt([...scales.keys()], [...scales.values()]),
    });
  },

  piecewiseConstant: ({ boundaries, values, change }, path) =>
    joined(
      values.map(constantAt),
      boundaries.map((boundary) => entry('piecewiseConstant', boundary, change, path)),
    ),

  interpolate: ({ knots, values, shape }, path) => {
    if (shape === 'exponential') throw noForm('optax', 'interpolate', 'shape must be linear or cosine', path);
    const [steps, levels] =
      knots[0] === 0
        ? [knots, values]
        : [
            [0, ...knots],
            [values[0]!, ...values],
          ];
    const scales = levels.slice(1).map((level, i) => level / levels[i]!);
    if (new Set(steps).size === steps.length && scales.every((scale) => scale >= 0 && scale < Infinity)) {
      return call('piecewise_interpolate_schedule', {
        interpolate_type: `"${shape}"`,
        init_value: pythonFloat(levels[0]!),
        boundaries_and_scales: scalesAt(steps.slice(1), scales),
      });
    }
    // A jump, or a way that goes on from 0: each way on its own.
    const ways = steps
      .slice(1)
      .map((end, i) => ({ end, length: end - steps[i]!, from: levels[i]!, to: levels[i + 1]! }));
    const long = ways.filter(({ length }) => length > 0);
    const parts = long.map(({ length, from, to }) => {
      if (from === to) return constantAt(from);
      return shape === 'linear' ? transition(from, to, length) : cosine(from, to, length, 1, path);
    });
    return joined(
      [...parts, constantAt(levels.at(-1)!)],
      long.map(({ end }) => end),
    );
  },

  inverseTimeDecay: ({ initValue, decayRate, decaySteps, power }, path) => {
    // join_schedules asks every part at every count, before its beginning at one below 0, where this may divide by 0.
    const count = isWhole(path) ? 'count' : 'jnp.maximum(count, 0)';
    const denominator = `(1.0 + ${pythonFloat(decayRate)} * ${count} / ${pythonFloat(decaySteps)})`;
    return lambda(`${pythonFloat(initValue)} / ${denominator}${power === 1 ? '' : ` ** ${pythonFloat(power)}`}`);
  },

  sequence: ({ schedules, boundaries }, path) =>
    joined(
      schedules.map((part, i) => expression(part, `${path}/schedules/${i}`)),
      boundaries,
    ),

  warmup: (spec, path) => rise(spec, path),

  shift: ({ schedule, shiftSteps: by }, path) => {
    const inner = completed(schedule);
    if (by > 0 && inner?.type === 'linear') {
      return transition(inner.initValue, inner.endValue, inner.decaySteps, 1, by);
    }
    if (by > 0 && inner?.type === 'polynomialDecay' && inner.kDecay === 1 && inner.pastEnd === 'hold') {
      return transition(inner.initValue, inner.endValue, inner.decaySteps, inner.power, by);
    }
    const decay = by > 0 && inner !== undefined ? geometric(inner, path, { begin: by }) : undefined;
    const argument = `jnp.maximum(count - ${pythonFloat(by)}, 0.0)`;
    return decay ?? lambda(called(schedule, `${path}/schedule`, argument));
  },

  hold: ({ schedule, fromSteps }, path) =>
    lambda(called(schedule, `${path}/schedule`, `jnp.minimum(count, ${pythonFloat(fromSteps)})`)),

  perEpoch: ({ schedule, stepsPerEpoch }, path) =>
    lambda(called(schedule, `${path}/schedule`, `count // ${pythonNumber(stepsPerEpoch)}`)),

  quantize: ({ schedule, everySteps }, path) => {
    const every = pythonNumber(everySteps);
    return lambda(called(schedule, `${path}/schedule`, `count // ${every} * ${every}`));
  },

  clamp: (spec, path) => {
    const { schedule, minValue, maxValue } = spec;
    const upper = maxValue < Number.MAX_VALUE ? maxValue : undefined;
    const decay = clipped(spec, upper, path);
    const limits = [pythonFloat(minValue), ...(upper === undefined ? [] : [pythonFloat(upper)])];
    return decay ?? lambda(`jnp.clip(${[called(schedule, `${path}/schedule`), ...limits].join(', ')})`);
  },

  scale: ({ schedule, factor }, path) => lambda(`${pythonFloat(factor)} * ${called(schedule, `${path}/schedule`)}`),

  multiply: ({ schedules }, path) => lambda(all(schedules, path).join(' * ')),

  add: ({ schedules }, path) => lambda(all(schedules, path).join(' + ')),
};

/** The expression of a schedule, or the refusal that names what has no form in optax. */
export function expression(spec: ScheduleSpec | number, path: string): string {
  if (typeof spec === 'number') return constantAt(spec);
  return writtenBy(writers, 'optax', 'function of optax.schedules', spec, path);
}

/** Whether a place is that of a track, not of a part of one. */
const isWhole = (path: string): boolean => path.split('/').length === 2;

/** The value of a schedule at an expression of the count. */
const called = (spec: ScheduleSpec | number, path: string, argument = 'count'): string =>
  typeof spec === 'number' ? pythonFloat(spec) : `(${expression(spec, path)})(${argument})`;

const all = (specs: readonly (ScheduleSpec | number)[], path: string): readonly string[] =>
  specs.map((spec, i) => called(spec, `${path}/schedules/${i}`));

/** A rise to the schedule's first value, then the schedule. */
function rise(spec: Required<ScheduleSpecs['warmup']>, path: string): string {
  const { warmupSteps, schedule, shape, startFactor, reach, mode } = spec;
  only('warmup', path, { mode: mode === 'prefix', reach: reach === 'target' });
  const inner = completed(schedule);
  const target = firstValue(schedule);
  if (shape === 'linear' && inner?.type === 'cosineDecay' && inner.kDecay === 1 && inner.pastEnd === 'hold') {
    return call('warmup_cosine_decay_schedule', {
      init_value: pythonFloat(startFactor * target),
      peak_value: pythonFloat(target),
      warmup_steps: pythonNumber(warmupSteps),
      decay_steps: pythonNumber(warmupSteps + inner.decaySteps),
      end_value: inner.endValue === 0 ? undefined : pythonFloat(inner.endValue),
      exponent: inner.power === 1 ? undefined : pythonFloat(inner.power),
    });
  }
  const child = expression(schedule, `${path}/schedule`);
  if (warmupSteps === 0) return child;
  const way = {
    linear: () => transition(startFactor * target, target, warmupSteps),
    exponential: () => exponential(startFactor * target, 1 / startFactor, warmupSteps),
    constant: () => constantAt(startFactor * target),
  }[shape as string];
  if (way === undefined) throw noForm('optax', 'warmup', 'shape must be linear, exponential or constant', path);
  return joined([way(), child], [warmupSteps]);
}

function cosine(init: number, end: number, steps: number, power: number, path: string): string {
  if (init === 0 && end > 0) throw noForm('optax', 'cosineDecay', 'it ends at a share of its first value, 0', path);
  return call('cosine_decay_schedule', {
    init_value: pythonFloat(init),
    decay_steps: pythonNumber(steps),
    alpha: end === 0 ? undefined : pythonFloat(end / init),
    exponent: power === 1 ? undefined : pythonFloat(power),
  });
}

/** exponential_decay, continuous or in stairs; undefined for every other type. */
function geometric(spec: Required<ScheduleSpec>, path: string, extras: ExponentialExtras): string | undefined {
  if (spec.type === 'exponentialDecay') return exponential(spec.initValue, spec.gamma, spec.decaySteps, extras);
  if (spec.type !== 'stepDecay') return undefined;
  // optax takes a rate of 0 for no decay at all.
  if (spec.dropFactor === 0) throw noForm('optax', 'stepDecay', 'a dropFactor of 0 means no decay there', path);
  return exponential(spec.initValue, spec.dropFactor, spec.dropSteps, { ...extras, staircase: true });
}

/** A clamp on the side to which an exponential goes is its end_value; it holds before the decay begins, too. */
function clipped(
  { schedule, minValue }: Required<ScheduleSpecs['clamp']>,
  maxValue: number | undefined,
  path: string,
): string | undefined {
  const outer = completed(schedule);
  const begin = outer?.type === 'shift' && outer.shiftSteps > 0 ? outer.shiftSteps : 0;
  const inner = outer?.type === 'shift' && begin > 0 ? completed(outer.schedule) : outer;
  const rate = inner?.type === 'exponentialDecay' ? inner.gamma : inner?.type === 'stepDecay' ? inner.dropFactor : 1;
  const end = rate < 1 && maxValue === undefined ? minValue : rate > 1 && minValue === 0 ? maxValue : undefined;
  return inner === undefined || end === undefined ? undefined : geometric(inner, path, { begin, end });
}

const completed = (spec: ScheduleSpec | number): Required<ScheduleSpec> | undefined =>
  typeof spec === 'number' ? undefined : complete(spec);

/** The first step at which a change is in force: optax changes at a boundary, never after it. */
function entry(type: string, boundary: number, change: 'at' | 'after', path: string): number {
  if (change === 'at') return boundary;
  if (Number.isInteger(boundary)) return boundary + 1;
  throw noForm('optax', type, 'a change after a fraction of a step', path);
}

const firstValue = (spec: ScheduleSpec | number): number =>
  typeof spec === 'number' ? spec : (parsePlan(spec).learningRate as Schedule)(0);
