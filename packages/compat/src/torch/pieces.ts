import type { Schedule, ScheduleSpec } from '@anneal/core';
import { parsePlan } from '../parsePlan.ts';
import { complete } from '../complete.ts';
import { isExact } from '../firstWhole.ts';
import { noForm, pythonCall, pythonFloat, pythonNumber } from '../python.ts';
import './pythonLambda.ts';
import { onlyIn, writtenBy, type OptionCheck, type Writers } from '../writers.ts';

/** A stretch of a SequentialLR: the step at which it begins and its scheduler, given the optimizer's rate. */
export interface Piece {
  readonly from: number;
  readonly code: (base: number) => string;
}

/** A schedule as PyTorch could run it: stretches, all of which start from the optimizer's own rate. */
export interface Form {
  /** The optimizer's rate, where a scheduler can start from no other. */
  readonly base?: number;
  /** The largest value that a scheduler reaches by a factor, which may be at most 1: the rate must be no lower. */
  readonly peak: number;
  readonly pieces: readonly Piece[];
}

/** Python for a plan: what the optimizer is to be made with, and the expression of its scheduler. */
export interface Written {
  readonly rate: number;
  readonly momentum?: number;
  readonly code: string;
}

/** Longer than any run: ConstantLR holds its factor for so many steps. */
const forever = 2 ** 31;

export const only: OptionCheck = onlyIn('torch');

const writers: Writers<Form> = {
  constant: ({ value }) => ({ peak: value, pieces: [held(0, value)] }),

  linear: ({ initValue, endValue, decaySteps }, path) => {
    const steps = whole('linear', 'decaySteps', decaySteps, path);
    if (initValue === 0) {
      const rise = lambda(`min(1.0, epoch / ${pythonNumber(steps)})`);
      return { base: endValue, peak: endValue, pieces: [{ from: 0, code: () => rise }] };
    }
    const code = (base: number): string =>
      scheduler('LinearLR', {
        start_factor: pythonFloat(initValue / base),
        end_factor: pythonFloat(endValue / base),
        total_iters: pythonNumber(steps),
      });
    return { peak: Math.max(initValue, endValue), pieces: [{ from: 0, code }] };
  },

  polynomialDecay: (spec, path) => {
    const { initValue, endValue, decaySteps, power, kDecay, pastEnd } = spec;
    only('polynomialDecay', path, { endValue: endValue === 0, kDecay: kDecay === 1, pastEnd: pastEnd === 'hold' });
    const total_iters = pythonNumber(whole('polynomialDecay', 'decaySteps', decaySteps, path));
    return based(initValue, scheduler('PolynomialLR', { total_iters, power: pythonFloat(power) }));
  },

  cosineDecay: ({ initValue, endValue, decaySteps, power, kDecay, pastEnd }, path) => {
    only('cosineDecay', path, { power: power === 1, kDecay: kDecay === 1 });
    const steps = whole('cosineDecay', 'decaySteps', decaySteps, path);
    const eta_min = endValue === 0 ? undefined : pythonFloat(endValue);
    const wave = based(initValue, scheduler('CosineAnnealingLR', { T_max: pythonNumber(steps), eta_min }));
    if (pastEnd === 'continue') return wave;
    // PyTorch's wave goes back after its end; what holds there is another scheduler, which can hold no more than the rate.
    if (endValue > initValue) return { ...based(initValue, towards(endValue, steps, 'cos')), peak: 0 };
    return { ...wave, pieces: [...wave.pieces, held(steps, endValue)] };
  },

  exponentialDecay: ({ initValue, gamma, decaySteps }) =>
    based(initValue, scheduler('ExponentialLR', { gamma: pythonFloat(gamma ** (1 / decaySteps)) })),

  naturalExponentialDecay: ({ initValue, decayRate }) =>
    based(initValue, scheduler('ExponentialLR', { gamma: pythonFloat(Math.exp(-decayRate)) })),

  inverseTimeDecay: ({ initValue, decayRate, decaySteps, power }, path) => {
    only('inverseTimeDecay', path, { power: power === 1 });
    return based(initValue, lambda(`1 / (1 + ${pythonFloat(decayRate / decaySteps)} * epoch)`));
  },

  pythonLambda: ({ initValue, lambda: text }) => based(initValue, scheduler('LambdaLR', { lr_lambda: text })),

  stepDecay: ({ initValue, dropFactor, dropSteps }, path) => {
    // StepLR of a fraction drops at its whole multiples only; the quotient of a length without rounding is exact.
    if (!Number.isInteger(dropSteps) && isExact(dropSteps))
      return based(initValue, lambda(`${pythonFloat(dropFactor)} ** (epoch // ${pythonNumber(dropSteps)})`));
    const step_size = pythonNumber(whole('stepDecay', 'dropSteps', dropSteps, path));
    return based(initValue, scheduler('StepLR', { step_size, gamma: pythonFloat(dropFactor) }));
  },

  multiStepDecay: ({ initValue, boundaries, factors, dropFactor, change }, path) => {
    only('multiStepDecay', path, { factors: factors.length === 0 });
    const milestones = boundaries.map((at) => firstStep(at, change));
    return based(
      initValue,
      scheduler('MultiStepLR', { milestones: `[${milestones.join(', ')}]`, gamma: pythonFloat(dropFactor) }),
    );
  },

  piecewiseConstant: ({ boundaries, values, change }) => {
    const starts = [0, ...boundaries.map((at) => firstStep(at, change))];
    const [low, high] = values;
    if (values.length === 2 && low! > 0 && low! <= high! && starts[1]! > 0) {
      const args = { factor: pythonFloat(low! / high!), total_iters: pythonNumber(starts[1]!) };
      return based(high!, scheduler('ConstantLR', args));
    }
    return { peak: Math.max(...values), pieces: values.map((value, i) => held(starts[i]!, value)) };
  },

  warmRestarts: (spec, path) => {
    const { initValue, endValue, cycleSteps, cycleFactor, decayFactor, cycleLimit, schedule } = spec;
    only('warmRestarts', path, {
      decayFactor: decayFactor === 1,
      cycleLimit: cycleLimit === Number.MAX_SAFE_INTEGER,
      // Left out it is no spec but the function of the definition's default.
      schedule: typeof schedule === 'function',
    });
    return based(
      initValue,
      scheduler('CosineAnnealingWarmRestarts', {
        T_0: pythonNumber(whole('warmRestarts', 'cycleSteps', cycleSteps, path)),
        T_mult: cycleFactor === 1 ? undefined : pythonNumber(whole('warmRestarts', 'cycleFactor', cycleFactor, path)),
        eta_min: endValue === 0 ? undefined : pythonFloat(endValue),
      }),
    );
  },

  sequence: ({ schedules, boundaries }, path) => {
    const forms = schedules.map((child, i) => formOf(child, `${path}/schedules/${i}`));
    const starts = [0, ...boundaries.map((at) => whole('sequence', 'boundaries', at, path))];
    const [base, another] = basesOf(forms);
    if (base === undefined || (another === undefined && forms.every(({ peak }) => peak <= base)))
      return joined(forms, starts, path);
    // SWALR starts from the rate in force, whatever the others start from.
    const continued = forms.map((form, i) => {
      const before = i === 0 ? NaN : valueAt(schedules[i - 1]!, starts[i]! - starts[i - 1]! - 1);
      return continuing(schedules[i]!, before) ?? form;
    });
    return joined(continued, starts, path);
  },

  warmup: ({ warmupSteps, schedule, shape, startFactor, reach, mode }, path) => {
    const child = formOf(schedule, `${path}/schedule`);
    if (warmupSteps === 0) return child;
    only('warmup', path, { mode: mode === 'prefix', reach: reach === 'target' });
    const steps = whole('warmup', 'warmupSteps', warmupSteps, path);
    const target = valueAt(schedule, 0);
    const starting = startFactor * target;
    const ways: Readonly<Record<string, () => Form>> = {
      linear: () => formOf({ type: 'linear', initValue: starting, endValue: target, decaySteps: steps }, path),
      constant: () => formOf({ type: 'constant', value: starting }, path),
      exponential: () =>
        based(target, lambda(`${pythonFloat(startFactor)} * ${pythonFloat(startFactor ** (-1 / steps))} ** epoch`)),
    };
    const way = ways[shape];
    if (way === undefined)
      throw noForm('torch', 'warmup', 'shape must be linear, exponential or constant', `${path}/shape`);
    return joined([way(), child], [0, steps], path);
  },
};

/** The form of a schedule, or the refusal that names what PyTorch has no scheduler for. */
export function formOf(spec: ScheduleSpec | number, path: string): Form {
  if (typeof spec === 'number') return formOf({ type: 'constant', value: spec }, path);
  return writtenBy(writers, 'torch', 'scheduler of PyTorch', spec, path);
}

const basesOf = (forms: readonly Form[]): readonly number[] => [
  ...new Set(forms.flatMap(({ base }) => (base === undefined ? [] : [base]))),
];

/** A way from the value in force to another one, as SWALR goes it; undefined where that is not what the schedule does. */
function continuing(spec: ScheduleSpec | number, before: number): Form | undefined {
  const way = typeof spec === 'number' ? undefined : complete(spec);
  if (way?.type !== 'linear' && way?.type !== 'cosineDecay') return undefined;
  const { initValue, endValue, decaySteps } = way;
  const plain = way.type === 'linear' || (way.power === 1 && way.kDecay === 1 && way.pastEnd === 'hold');
  // Both numbers come from one formula; they may differ by its rounding.
  const goesOn = Math.abs(initValue - before) <= 1e-14 * initValue;
  if (!plain || !goesOn || !Number.isInteger(decaySteps)) return undefined;
  const code = towards(endValue, decaySteps, way.type === 'linear' ? 'linear' : 'cos');
  return { peak: 0, pieces: [{ from: 0, code: () => code }] };
}

const towards = (swa: number, steps: number, strategy: 'cos' | 'linear'): string =>
  scheduler('SWALR', {
    swa_lr: pythonFloat(swa),
    anneal_epochs: pythonNumber(steps),
    anneal_strategy: strategy === 'cos' ? undefined : '"linear"',
  });

/** Forms one after the other; what of a form lies past its own stretch is left out. */
function joined(forms: readonly Form[], starts: readonly number[], path: string): Form {
  const bases = basesOf(forms);
  if (bases.length > 1) {
    const why = `all its parts start from one rate, the optimizer's, not from ${bases.join(' and ')}`;
    throw noForm('torch', 'sequence', why, path);
  }
  const pieces = forms.flatMap((form, i) => {
    const [start, end] = [starts[i]!, starts[i + 1] ?? Infinity];
    const own = form.pieces.map(({ from, code }) => ({ from: start + from, code }));
    // Of two that begin at the same step the later one is in force.
    return own.filter(({ from }) => from < end);
  });
  const peak = Math.max(...forms.map((form) => form.peak));
  return { ...(bases[0] !== undefined && { base: bases[0] }), peak, pieces };
}

function based(base: number, code: string): Form {
  return { base, peak: base, pieces: [{ from: 0, code: () => code }] };
}

function held(from: number, value: number): Piece {
  const total_iters = pythonNumber(forever);
  return {
    from,
    code: (base) => scheduler('ConstantLR', { factor: pythonFloat(base === 0 ? 0 : value / base), total_iters }),
  };
}

/** A scheduler on the variable `optimizer`. */
export function scheduler(name: string, args: Readonly<Record<string, string | undefined>>): string {
  return pythonCall(name, args).replace('(', Object.keys(args).length === 0 ? '(optimizer' : '(optimizer, ');
}

const lambda = (body: string): string => scheduler('LambdaLR', { lr_lambda: `lambda epoch: ${body}` });

const valueAt = (spec: ScheduleSpec | number, step: number): number =>
  typeof spec === 'number' ? spec : (parsePlan(spec).learningRate as Schedule)(Math.max(0, step));

/** PyTorch counts in whole steps. */
export function whole(type: string, parameter: string, value: number, path: string): number {
  if (Number.isInteger(value)) return value;
  throw noForm('torch', type, `${parameter} must be a whole number there, not ${value}`, `${path}/${parameter}`);
}

/** The first step at which a change is in force: PyTorch changes at a milestone, never after it. */
function firstStep(at: number, change: 'at' | 'after'): number {
  return change === 'at' ? Math.ceil(at) : Math.floor(at) + 1;
}
