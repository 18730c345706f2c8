import type { ScheduleError, ScheduleSpec } from '@anneal/core';
import { complete } from '../complete.ts';
import { noForm, pythonFloat, pythonNumber } from '../python.ts';

/** The fields of `TrainingArguments` that make a schedule. */
export interface Fields {
  readonly type: string;
  readonly rate: number;
  readonly warmupSteps?: number;
  readonly maxSteps?: number;
  readonly kwargs?: Readonly<Record<string, string | undefined>>;
}

type Spec<T extends ScheduleSpec['type']> = Required<Extract<ScheduleSpec, { readonly type: T }>>;
type Child = ScheduleSpec | number;

/** A stretch of the run and what is in force in it, on its own clock. */
interface Phase {
  readonly from: number;
  readonly spec: Required<ScheduleSpec>;
}

/** The fields of a schedule, or the refusal. */
export function fieldsOf(spec: Child): Fields {
  const phases = phasesOf(spec, 0);
  const fields = plain(phases) ?? warmedByOneMore(phases) ?? stable(phases);
  if (fields !== undefined) return fields;
  const type = typeof spec === 'number' ? 'constant' : spec.type;
  throw refused(type, 'no SchedulerType goes this way', '/learningRate');
}

export const refused = (type: string, why: string, path: string): ScheduleError =>
  noForm('transformers', type, why, path);

/** A warm-up or sequence as its phases; anything else is one. */
function phasesOf(spec: Child, from: number): readonly Phase[] {
  const whole = complete(typeof spec === 'number' ? { type: 'constant', value: spec } : spec);
  if (whole.type === 'sequence')
    return whole.schedules.flatMap((child, i) => phasesOf(child, from + (i === 0 ? 0 : whole.boundaries[i - 1]!)));
  if (whole.type === 'warmup') {
    const { warmupSteps, schedule, shape, startFactor, reach, mode } = whole;
    const rest = phasesOf(schedule, from + warmupSteps);
    if (warmupSteps === 0) return rest;
    const endValue = startOf(rest[0]!.spec);
    if (shape !== 'linear' || reach !== 'target' || mode !== 'prefix' || endValue === undefined)
      throw refused('warmup', 'it must be a straight line before a schedule', '/learningRate');
    const line = { type: 'linear', initValue: startFactor * endValue, endValue, decaySteps: warmupSteps } as const;
    return [{ from, spec: line }, ...rest];
  }
  return [{ from, spec: whole }];
}

const startOf = (spec: Required<ScheduleSpec>): number | undefined =>
  'initValue' in spec ? spec.initValue : spec.type === 'constant' ? spec.value : undefined;

/** A straight line from 0, or nothing, and one schedule after it. */
function plain(phases: readonly Phase[]): Fields | undefined {
  const [first] = phases;
  const warms =
    first?.spec.type === 'linear' && first.spec.initValue === 0 && first.spec.decaySteps === phases[1]?.from;
  const rest = warms ? phases.slice(1) : phases;
  const [main, after] = rest;
  const warmupSteps = warms ? phases[1]!.from : 0;
  if (!Number.isInteger(warmupSteps) || main === undefined || rest.length > 2) return undefined;
  // A phase after the main one is 0, once restarts are over.
  if (after !== undefined && !(after.spec.type === 'constant' && after.spec.value === 0)) return undefined;
  const length = after === undefined ? undefined : after.from - warmupSteps;
  // A warm-up that fills the run: what is linear after it has no steps.
  if (warms && length === undefined && startOf(main.spec) === 0 && main.spec.type === 'constant')
    return { type: 'linear', rate: first.spec.endValue, warmupSteps, maxSteps: warmupSteps };
  const found =
    length === undefined ? (alone(main.spec, warmupSteps) ?? restarts(main.spec, length)) : restarts(main.spec, length);
  if (found === undefined || (warms && first.spec.endValue !== found.rate)) return undefined;
  const { decaySteps, ...fields } = found;
  return { ...fields, warmupSteps, ...(decaySteps !== undefined && { maxSteps: warmupSteps + decaySteps }) };
}

type Found = Omit<Fields, 'warmupSteps' | 'maxSteps'> & { readonly decaySteps?: number };

function alone(spec: Required<ScheduleSpec>, warmupSteps: number): Found | undefined {
  switch (spec.type) {
    case 'constant':
      return { type: warmupSteps === 0 ? 'constant' : 'constant_with_warmup', rate: spec.value };
    case 'linear':
      return spec.endValue === 0 && Number.isInteger(spec.decaySteps)
        ? { type: 'linear', rate: spec.initValue, decaySteps: spec.decaySteps }
        : undefined;
    case 'cosineDecay': {
      const wave = waveOf(spec);
      if (wave === undefined) return undefined;
      const min_lr = spec.endValue === 0 ? undefined : pythonFloat(spec.endValue);
      const type = min_lr === undefined ? 'cosine' : 'cosine_with_min_lr';
      return { type, rate: spec.initValue, decaySteps: wave.steps, kwargs: { num_cycles: wave.cycles, min_lr } };
    }
    case 'polynomialDecay': {
      const { initValue: rate, endValue, decaySteps, power, kDecay, pastEnd } = spec;
      if (!Number.isInteger(decaySteps) || kDecay !== 1 || pastEnd !== 'hold' || endValue >= rate) return undefined;
      return {
        type: 'polynomial',
        rate,
        decaySteps,
        kwargs: { lr_end: pythonFloat(endValue), power: pythonFloat(power) },
      };
    }
    case 'inverseSqrtDecay':
      return spec.endValue === 0
        ? { type: 'inverse_sqrt', rate: spec.initValue, kwargs: { timescale: pythonNumber(spec.timescaleSteps) } }
        : undefined;
    default:
      return undefined;
  }
}

/** The steps after the warm-up, a whole number, and the waves in them where they are not the usual half. */
function waveOf(
  spec: Spec<'cosineDecay'>,
): { readonly steps: number; readonly cycles: string | undefined } | undefined {
  const { decaySteps, power, kDecay, pastEnd } = spec;
  if (power !== 1 || kDecay !== 1) return undefined;
  const steps = Math.ceil(decaySteps);
  if (steps === decaySteps) return { steps, cycles: undefined };
  return pastEnd === 'continue' ? { steps, cycles: pythonFloat(steps / (2 * decaySteps)) } : undefined;
}

/** Equal half waves down to 0, for `length` steps or as many as the schedule itself says. */
function restarts(spec: Required<ScheduleSpec>, length: number | undefined): Found | undefined {
  // One step of the rate is the start of a cycle of one step.
  if (spec.type === 'constant' && length === 1)
    return { type: 'cosine_with_restarts', rate: spec.value, decaySteps: 1 };
  if (spec.type !== 'warmRestarts') return undefined;
  const { initValue: rate, endValue, cycleSteps, cycleFactor, decayFactor, cycleLimit, schedule } = spec;
  const endless = cycleLimit === Number.MAX_SAFE_INTEGER;
  const own = endless ? undefined : cycleLimit * cycleSteps;
  const decaySteps = length === undefined ? own : length <= (own ?? length) ? length : undefined;
  const like = endValue === 0 && cycleFactor === 1 && decayFactor === 1 && typeof schedule === 'function';
  if (!like || decaySteps === undefined || !Number.isInteger(decaySteps) || decaySteps < 1) return undefined;
  const num_cycles = pythonNumber(decaySteps / cycleSteps);
  return { type: 'cosine_with_restarts', rate, decaySteps, kwargs: { num_cycles } };
}

/** cosine_warmup_with_min_lr: a line that is at the rate one step early, and a wave that has gone one step already. */
function warmedByOneMore(phases: readonly Phase[]): Fields | undefined {
  const last = phases.at(-1)!;
  const moved = last.spec.type === 'shift' && last.spec.shiftSteps === -1 ? last.spec.schedule : undefined;
  const spec = typeof moved === 'object' ? complete(moved) : undefined;
  if (spec?.type !== 'cosineDecay' || phases.length > 2) return undefined;
  const wave = waveOf(spec);
  if (wave === undefined) return undefined;
  const { initValue: rate, endValue } = spec;
  const rise = phases.length === 1 ? undefined : phases[0]!.spec;
  const warmupSteps = last.from;
  const line = rise?.type === 'linear' && rise.endValue === rate && rise.decaySteps === warmupSteps - 1;
  if (rise !== undefined && !line && !(rise.type === 'constant' && warmupSteps === 1)) return undefined;
  const start = rise === undefined ? undefined : startOf(rise)! / rate;
  const kwargs = {
    num_cycles: wave.cycles,
    min_lr: pythonFloat(endValue),
    warmup_lr_rate: start === undefined ? undefined : pythonFloat(start),
  };
  return { type: 'cosine_warmup_with_min_lr', rate, warmupSteps, maxSteps: warmupSteps + wave.steps, kwargs };
}

const rises: Readonly<Record<string, (spec: Required<ScheduleSpec>) => boolean>> = {
  linear: (spec) => spec.type === 'linear',
  cosine: (spec) => spec.type === 'cosineDecay' && spec.power === 1 && spec.kDecay === 1,
  '1-sqrt': (spec) => spec.type === 'polynomialDecay' && spec.power === 0.5 && spec.kDecay === 1,
};

/** Warm-up, stable phase, decay, floor: what may be missing of them is not there. */
function stable(phases: readonly Phase[]): Fields | undefined {
  const rest = [...phases];
  const first = rest[0]!.spec;
  const risesTo =
    'endValue' in first && 'initValue' in first && first.initValue < first.endValue ? first.endValue : undefined;
  const warmup = risesTo === undefined ? undefined : rest.shift();
  const warmupSteps = warmup === undefined ? 0 : (rest[0]?.from ?? NaN);
  const warmup_type = warmup === undefined ? 'linear' : Object.keys(rises).find((key) => rises[key]!(warmup.spec));
  const held = rest[0]?.spec.type === 'constant' && rest.length > 1 ? rest.shift()!.spec : undefined;
  const decay = rest[0] === undefined ? undefined : decayOf(rest[0].spec);
  const floor = rest[1]?.spec;
  if (decay === undefined || warmup_type === undefined || rest.length > 2) return undefined;
  const { rate, low, type, num_cycles } = decay;
  const num_stable_steps = rest[0]!.from - warmupSteps + decay.stableSteps;
  const num_decay_steps = floor === undefined ? decay.decaySteps : rest[1]!.from - rest[0]!.from - decay.stableSteps;
  const start = warmup === undefined ? low : startOf(warmup.spec);
  const fits =
    start === low &&
    (risesTo ?? rate) === rate &&
    (held?.type !== 'constant' || held.value === rate) &&
    (floor === undefined || (floor.type === 'constant' && floor.value === low)) &&
    (warmup === undefined || (warmup.spec as Spec<'linear'>).decaySteps === warmupSteps) &&
    [warmupSteps, num_stable_steps, num_decay_steps].every((steps) => Number.isInteger(steps) && steps >= 0);
  if (!fits) return undefined;
  const kwargs = {
    num_decay_steps: pythonNumber(num_decay_steps),
    num_stable_steps: pythonNumber(num_stable_steps),
    warmup_type: warmup_type === 'linear' ? undefined : `"${warmup_type}"`,
    decay_type: `"${type}"`,
    min_lr_ratio: low === 0 ? undefined : pythonFloat(low / rate),
    num_cycles: num_cycles(num_decay_steps),
  };
  return {
    type: 'warmup_stable_decay',
    rate,
    warmupSteps,
    maxSteps: warmupSteps + num_stable_steps + num_decay_steps,
    kwargs,
  };
}

interface Decay {
  readonly rate: number;
  readonly low: number;
  readonly type: string;
  readonly stableSteps: number;
  readonly decaySteps: number;
  /** Waves in so many steps, where they are not the usual half. */
  readonly num_cycles: (steps: number) => string | undefined;
}

const shapes: Readonly<Record<string, string>> = { linear: 'linear', cosine: 'cosine', oneMinusSqrt: '1-sqrt' };

function decayOf(spec: Required<ScheduleSpec>): Decay | undefined {
  const none = (): undefined => undefined;
  if (spec.type === 'linear') {
    const { initValue: rate, endValue: low, decaySteps } = spec;
    return { rate, low, type: 'linear', stableSteps: 0, decaySteps, num_cycles: none };
  }
  if (spec.type === 'stableDecay') {
    const { initValue: rate, endValue: low, stableSteps, decaySteps } = spec;
    const type = shapes[spec.shape];
    return type === undefined ? undefined : { rate, low, type, stableSteps, decaySteps, num_cycles: none };
  }
  if (spec.type !== 'cosineDecay' || spec.power !== 1 || spec.kDecay !== 1) return undefined;
  const { initValue: rate, endValue: low, decaySteps } = spec;
  const num_cycles = (steps: number): string | undefined =>
    steps === decaySteps ? undefined : pythonFloat(steps / (2 * decaySteps));
  return { rate, low, type: 'cosine', stableSteps: 0, decaySteps, num_cycles };
}
