import type { Schedule, ScheduleError, ScheduleSpec } from '@anneal/core';
import { parsePlan } from '../parsePlan.ts';
import { complete } from '../complete.ts';
import { noForm, pythonFloat, pythonNumber } from '../python.ts';
import './noise.ts';

/** A scheduler, its arguments as Python, and the optimizer's rate that they are for. */
export interface Call {
  readonly name: string;
  readonly rate: number;
  readonly args: Readonly<Record<string, string | undefined>>;
}

type Child = ScheduleSpec | number;
type Complete = Required<ScheduleSpec>;

/** What timm has as arguments of every scheduler, taken off the schedule that is left. */
export interface Layers {
  readonly main: Complete;
  readonly warmup?: {
    readonly steps: number;
    readonly start: number;
    /** What it rises to. */
    readonly target: number;
    readonly prefix: boolean;
  };
  readonly noise: Call['args'];
  readonly noiseShape?: string;
}

export const refused = (type: string, why: string, path: string): ScheduleError => noForm('timm', type, why, path);

/** timm counts in whole steps. */
export function whole(type: string, parameter: string, value: number, path = '/learningRate'): string {
  if (Number.isInteger(value)) return pythonNumber(value);
  throw refused(type, `${parameter} must be a whole number there, not ${value}`, `${path}/${parameter}`);
}

export function layersOf(child: Child): Layers {
  const spec = filled(child);
  if (spec.type !== 'timmNoise') return { ...warmedUp(spec), noise: {} };
  const { schedule, fromSteps, untilSteps, shape, limitFactor, deviationFactor, seed } = spec;
  const from = pythonNumber(fromSteps);
  const noise = {
    noise_range_t: untilSteps === Number.MAX_SAFE_INTEGER ? from : `[${from}, ${pythonNumber(untilSteps)}]`,
    noise_pct: pythonFloat(limitFactor),
    noise_std: deviationFactor === 1 ? undefined : pythonFloat(deviationFactor),
    noise_seed: pythonNumber(seed),
  };
  return { ...warmedUp(filled(schedule)), noise, ...(shape !== 'normal' && { noiseShape: shape }) };
}

/** A spec with all of its options; a number as the constant that it stands for. */
function filled(child: Child): Complete {
  const spec: ScheduleSpec = typeof child === 'number' ? { type: 'constant', value: child } : child;
  return complete(spec);
}

/** A straight line before the rest: the rest's own clock begins after it, or has been going since the start. */
function warmedUp(spec: Complete): Pick<Layers, 'main' | 'warmup'> {
  if (spec.type === 'warmup') {
    const { warmupSteps, schedule, shape, startFactor, reach, mode } = spec;
    if (warmupSteps === 0) return { main: filled(schedule) };
    if (shape !== 'linear' || reach !== 'target' || mode !== 'prefix')
      throw refused('warmup', 'it must be a straight line before the schedule', '/learningRate');
    const [main, prefix] = seen(filled(schedule), warmupSteps);
    const target = valueAt(schedule, 0);
    return { main, warmup: { steps: warmupSteps, start: startFactor * target, target, prefix } };
  }
  if (spec.type !== 'sequence' || spec.schedules.length < 2) return { main: spec };
  const [first, ...others] = spec.schedules.map(filled);
  const [boundary, ...boundaries] = spec.boundaries;
  if (first!.type !== 'linear' || first.decaySteps !== boundary) return { main: spec };
  const rest: Complete =
    others.length === 1
      ? others[0]!
      : {
          type: 'sequence',
          schedules: spec.schedules.slice(1),
          boundaries: boundaries.map((at) => at - boundary),
        };
  const [main, prefix] = seen(rest, boundary);
  return { main, warmup: { steps: boundary, start: first.initValue, target: first.endValue, prefix } };
}

/** Without prefix what follows the warm-up is the schedule moved back by its length. */
function seen(rest: Complete, warmupSteps: number): readonly [main: Complete, prefix: boolean] {
  return rest.type === 'shift' && rest.shiftSteps === -warmupSteps ? [filled(rest.schedule), false] : [rest, true];
}

const valueAt = (spec: Child, step: number): number =>
  typeof spec === 'number' ? spec : (parsePlan(spec).learningRate as Schedule)(step);

const lrMin = (endValue: number): string | undefined => (endValue === 0 ? undefined : pythonFloat(endValue));
const unless = (usual: number, value: number): string | undefined => (value === usual ? undefined : pythonFloat(value));

/** The scheduler of what is left when warm-up and noise are off. */
export function callOf({ main, warmup }: Layers): Call {
  const found = curve(main) ?? cycles(main) ?? steps(main) ?? stable(main);
  if (found === undefined) throw refused(main.type, 'no scheduler of timm has these values', '/learningRate');
  if (warmup === undefined) return found;
  // Only tanh looks where its curve is when an overlaid warm-up ends; all others rise to the optimizer's rate.
  const tanh = found.name === 'TanhLRScheduler' && !warmup.prefix;
  if (warmup.target === (tanh ? valueAt(main, warmup.steps) : found.rate)) return found;
  // A cosine without cycles is its floor.
  if (main.type === 'constant')
    return {
      name: 'CosineLRScheduler',
      rate: warmup.target,
      args: { t_initial: '1', lr_min: pythonFloat(main.value), cycle_limit: '0' },
    };
  throw refused('sequence', `its warm-up rises to the rate ${found.rate}, not to ${warmup.target}`, '/learningRate');
}

/** One fall along a curve. */
function curve(spec: Complete): Call | undefined {
  switch (spec.type) {
    case 'cosineDecay': {
      const { initValue: rate, endValue, decaySteps, power, kDecay, pastEnd } = spec;
      if (power !== 1 || pastEnd !== 'hold') return undefined;
      const t_initial = whole('cosineDecay', 'decaySteps', decaySteps);
      return {
        name: 'CosineLRScheduler',
        rate,
        args: { t_initial, lr_min: lrMin(endValue), k_decay: unless(1, kDecay) },
      };
    }
    case 'linear':
    case 'polynomialDecay': {
      const { initValue: rate, endValue, decaySteps } = spec;
      const { power, kDecay, pastEnd } = spec.type === 'linear' ? { power: 1, kDecay: 1, pastEnd: 'hold' } : spec;
      if (pastEnd !== 'hold') return undefined;
      const t_initial = whole(spec.type, 'decaySteps', decaySteps);
      const args = { t_initial, power: pythonFloat(power), lr_min: lrMin(endValue), k_decay: unless(1, kDecay) };
      return { name: 'PolyLRScheduler', rate, args };
    }
    case 'tanhDecay': {
      const { initValue: rate, endValue, decaySteps, lower, upper, ends } = spec;
      if (ends !== 'raw') throw refused('tanhDecay', 'its ends are raw there', '/learningRate/ends');
      const t_initial = whole('tanhDecay', 'decaySteps', decaySteps);
      const args = { t_initial, lb: unless(-7, lower), ub: unless(3, upper), lr_min: lrMin(endValue) };
      return { name: 'TanhLRScheduler', rate, args };
    }
    default:
      return undefined;
  }
}

/** A curve again and again. */
function cycles(spec: Complete): Call | undefined {
  if (spec.type !== 'warmRestarts') return undefined;
  const { initValue: rate, endValue, cycleSteps, cycleFactor, decayFactor, decays, cycleLimit, schedule } = spec;
  if (decayFactor !== 1 && decays !== 'peak')
    throw refused('warmRestarts', 'decays must be "peak" there', '/learningRate/decays');
  // Left out, the curve is no spec but the function of the definition's default: half a cosine wave.
  const unit = typeof schedule === 'function' ? undefined : curve(filled(schedule));
  if (unit !== undefined && unit.rate !== 1)
    throw refused('warmRestarts', 'its curve must fall from 1 to 0', '/learningRate/schedule');
  const t_initial = whole('warmRestarts', 'cycleSteps', cycleSteps);
  const args = {
    ...unit?.args,
    t_initial,
    lr_min: lrMin(endValue),
    cycle_mul: unless(1, cycleFactor),
    cycle_decay: unless(1, decayFactor),
    cycle_limit: pythonNumber(cycleLimit),
  };
  return { name: unit?.name ?? 'CosineLRScheduler', rate, args };
}

function steps(spec: Complete): Call | undefined {
  if (spec.type === 'constant')
    return { name: 'StepLRScheduler', rate: spec.value, args: { decay_t: '1', decay_rate: '1.0' } };
  if (spec.type === 'stepDecay') {
    const { initValue: rate, dropFactor, dropSteps } = spec;
    return {
      name: 'StepLRScheduler',
      rate,
      args: { decay_t: pythonNumber(dropSteps), decay_rate: pythonFloat(dropFactor) },
    };
  }
  if (spec.type !== 'multiStepDecay') return undefined;
  const { initValue: rate, boundaries, factors, dropFactor, change } = spec;
  if (factors.length > 0)
    throw refused('multiStepDecay', 'the factor is the same at all of decay_t', '/learningRate/factors');
  // timm drops one t before each.
  const decay_t = boundaries.map((at) => pythonNumber((change === 'at' ? Math.ceil(at) : Math.floor(at) + 1) + 1));
  return {
    name: 'MultiStepLRScheduler',
    rate,
    args: { decay_t: `[${decay_t.join(', ')}]`, decay_rate: pythonFloat(dropFactor) },
  };
}

/** Hold and decay; the hold may itself fall. */
function stable(spec: Complete): Call | undefined {
  const still = phasesOf(spec);
  if (still !== undefined)
    return { name: 'WSDLRScheduler', rate: still.rate, args: { ...still.args, lr_min: lrMin(still.low) } };
  const { terms, low } = productOf(spec) ?? {};
  if (terms === undefined || low === undefined) return undefined;
  const [falling, decay] = terms;
  const phases = phasesOf(decay);
  const inner = falling.type === 'clamp' ? filled(falling.schedule) : falling;
  const floor = falling.type === 'clamp' ? falling.minValue : 0;
  if (phases === undefined || phases.rate !== 1 || phases.low !== 0 || floor !== low) return undefined;
  if (inner.type !== 'inverseTimeDecay') return undefined;
  const { initValue: rate, decayRate, decaySteps, power } = inner;
  const args = {
    ...phases.args,
    lr_min: lrMin(low),
    stable_fn: '"power"',
    stable_timescale: pythonFloat(decaySteps / decayRate),
    stable_power: pythonFloat(power),
  };
  return { name: 'WSDLRScheduler', rate, args };
}

type Product = { readonly terms: readonly [Complete, Complete]; readonly low: number };

/** falling·decay, or falling·decay + low·(1 − decay). */
function productOf(spec: Complete): Product | undefined {
  if (spec.type === 'multiply' && spec.schedules.length === 2) {
    const [falling, decay] = spec.schedules.map(filled);
    return { terms: [falling!, decay!], low: 0 };
  }
  if (spec.type !== 'add' || spec.schedules.length !== 2) return undefined;
  const [product, rest] = spec.schedules.map(filled);
  const left = product === undefined ? undefined : productOf(product);
  if (left === undefined || rest?.type !== 'multiply' || rest.schedules.length !== 2) return undefined;
  const [low, risen] = rest.schedules.map(filled);
  const back = phasesOf(risen!);
  const decay = phasesOf(left.terms[1]);
  const mirrored = back?.rate === 0 && back.low === 1 && JSON.stringify(back.args) === JSON.stringify(decay?.args);
  return mirrored && low?.type === 'constant' ? { ...left, low: low.value } : undefined;
}

type Phases = { readonly rate: number; readonly low: number; readonly args: Call['args'] };

const decays: Readonly<Record<string, string>> = {
  linear: 'linear',
  cosine: 'cosine',
  oneMinusSqrt: '1-sqrt',
  saturating: 'exp',
};

/** A value that is held, and its decay. */
function phasesOf(spec: Complete): Phases | undefined {
  if (spec.type === 'stableDecay') {
    const { initValue: rate, endValue: low, stableSteps, decaySteps, shape, saturation } = spec;
    const way =
      shape === 'oneMinusSquare' ? { decay_fn: '"power"', decay_power: '2.0' } : { decay_fn: `"${decays[shape]}"` };
    if (shape === 'exponential')
      throw refused('stableDecay', 'its exponential is saturating there', '/learningRate/shape');
    const t_initial = whole('stableDecay', 'stableSteps', stableSteps + decaySteps);
    const decay_ratio = shape === 'saturating' ? pythonFloat(saturation) : undefined;
    return {
      rate,
      low,
      args: { t_initial, decay_t: whole('stableDecay', 'decaySteps', decaySteps), ...way, decay_ratio },
    };
  }
  const [held, decay] =
    spec.type === 'sequence' && spec.schedules.length === 2 ? spec.schedules.map(filled) : [undefined, spec];
  const stableSteps = spec.type === 'sequence' ? spec.boundaries[0]! : 0;
  if (decay?.type !== 'polynomialDecay' || decay.power !== 1 || decay.pastEnd !== 'hold') return undefined;
  const { initValue: rate, endValue: low, decaySteps, kDecay } = decay;
  if (held !== undefined && !(held.type === 'constant' && held.value === rate)) return undefined;
  const args = {
    t_initial: whole('sequence', 'boundaries', stableSteps + decaySteps),
    decay_t: whole('polynomialDecay', 'decaySteps', decaySteps),
    decay_fn: '"power"',
    decay_power: pythonFloat(kDecay),
  };
  return { rate, low, args };
}
