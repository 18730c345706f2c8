import type { Schedule, ScheduleSpec, ScheduleSpecs } from '@anneal/core';
import { parsePlan } from '../parsePlan.ts';
import { complete } from '../complete.ts';
import { noForm, pythonCall, pythonFloat, pythonList, pythonNumber } from '../python.ts';
import { onlyIn, writtenBy, type Writers } from '../writers.ts';

const call = (name: string, args: Readonly<Record<string, string | undefined>>): string =>
  pythonCall(`paddle.optimizer.lr.${name}`, args);

const only = onlyIn('Paddle');

/** The Python expression of a schedule: a scheduler of Paddle, or a float. */
const writers: Writers<string> = {
  constant: ({ value }) => pythonFloat(value),

  linear: ({ initValue, endValue, decaySteps }, path) => polynomial(initValue, endValue, decaySteps, 1, false, path),

  polynomialDecay: ({ initValue, endValue, decaySteps, power, kDecay, pastEnd }, path) => {
    only('polynomialDecay', path, { kDecay: kDecay === 1 });
    return polynomial(initValue, endValue, decaySteps, power, pastEnd === 'cycle', path);
  },

  exponentialDecay: ({ initValue, gamma, decaySteps }, path) => {
    only('exponentialDecay', path, { gamma: gamma > 0 && gamma < 1 });
    if (decaySteps !== 1) return natural(initValue, -Math.log(gamma) / decaySteps);
    return call('ExponentialDecay', { learning_rate: pythonFloat(initValue), gamma: pythonFloat(gamma) });
  },

  naturalExponentialDecay: ({ initValue, decayRate }) =>
    decayRate === 0 ? pythonFloat(initValue) : natural(initValue, decayRate),

  inverseTimeDecay: ({ initValue, decayRate, decaySteps, power }, path) => {
    only('inverseTimeDecay', path, { power: power === 1 });
    const gamma = pythonFloat(decayRate / decaySteps);
    return call('InverseTimeDecay', { learning_rate: pythonFloat(initValue), gamma });
  },

  stepDecay: ({ initValue, dropFactor, dropSteps }, path) => {
    only('stepDecay', path, { dropFactor: dropFactor < 1 });
    return call('StepDecay', {
      learning_rate: pythonFloat(initValue),
      step_size: whole('stepDecay', 'dropSteps', dropSteps, path),
      gamma: pythonFloat(dropFactor),
    });
  },

  multiStepDecay: (spec, path, given) => {
    const { initValue, boundaries, factors, dropFactor, change } = spec;
    const once = new Set(boundaries).size === boundaries.length;
    if (!once || factors.length > 0 || dropFactor >= 1 || change === 'after') return table(spec, path, given);
    return call('MultiStepDecay', {
      learning_rate: pythonFloat(initValue),
      milestones: pythonList(boundaries.map(pythonNumber)),
      gamma: pythonFloat(dropFactor),
    });
  },

  piecewiseConstant: (spec, path, given) => table(spec, path, given),

  cosineDecay: ({ initValue, endValue, decaySteps, power, kDecay, pastEnd }, path) => {
    only('cosineDecay', path, { power: power === 1, kDecay: kDecay === 1 });
    if (pastEnd === 'continue') {
      return call('CosineAnnealingDecay', {
        learning_rate: pythonFloat(initValue),
        T_max: whole('cosineDecay', 'decaySteps', decaySteps, path),
        eta_min: endValue === 0 ? undefined : pythonFloat(endValue),
      });
    }
    // Paddle's own cosine rises again; held at its end it is a function.
    const steps = pythonNumber(decaySteps);
    const wave = `(1 + math.cos(math.pi * min(step, ${steps}) / ${steps})) / 2`;
    const value = `${pythonFloat(endValue)} + (${pythonFloat(initValue)} - ${pythonFloat(endValue)}) * ${wave}`;
    return call('LambdaDecay', { learning_rate: '1.0', lr_lambda: `lambda step: ${value}` });
  },

  warmRestarts: (spec, path) => {
    const { initValue, endValue, cycleSteps, cycleFactor, decayFactor, cycleLimit, schedule } = spec;
    only('warmRestarts', path, {
      decayFactor: decayFactor === 1,
      cycleLimit: cycleLimit === Number.MAX_SAFE_INTEGER,
      schedule: typeof schedule === 'function',
    });
    return call('CosineAnnealingWarmRestarts', {
      learning_rate: pythonFloat(initValue),
      T_0: whole('warmRestarts', 'cycleSteps', cycleSteps, path),
      T_mult: cycleFactor === 1 ? undefined : whole('warmRestarts', 'cycleFactor', cycleFactor, path),
      eta_min: endValue === 0 ? undefined : pythonFloat(endValue),
    });
  },

  cyclic: ({ initValue, peakValue, upSteps, downSteps, shape, cycleFactor, gamma }, path) => {
    const mode = gamma < 1 ? 'exp_range' : cycleFactor === 1 ? undefined : 'triangular2';
    only('cyclic', path, {
      shape: shape === 'linear',
      cycleFactor: cycleFactor === 1 || (cycleFactor === 0.5 && gamma === 1),
    });
    return call('CyclicLR', {
      base_learning_rate: pythonFloat(initValue),
      max_learning_rate: pythonFloat(peakValue),
      step_size_up: whole('cyclic', 'upSteps', upSteps, path),
      step_size_down: downSteps === upSteps ? undefined : whole('cyclic', 'downSteps', downSteps, path),
      mode: mode && `"${mode}"`,
      exp_gamma: gamma < 1 ? pythonFloat(gamma) : undefined,
    });
  },

  oneCycle: ({ initValue, peakValue, endValue, totalSteps, peakFraction, shape, threePhase, pastEnd }, path) => {
    only('oneCycle', path, { pastEnd: pastEnd === 'continue', initValue: initValue > 0 });
    return call('OneCycleLR', {
      max_learning_rate: pythonFloat(peakValue),
      total_steps: whole('oneCycle', 'totalSteps', totalSteps, path),
      divide_factor: pythonFloat(peakValue / initValue),
      end_learning_rate: pythonFloat(endValue),
      phase_pct: pythonFloat(peakFraction),
      anneal_strategy: shape === 'cosine' ? '"cos"' : '"linear"',
      three_phase: threePhase ? 'True' : undefined,
    });
  },

  warmup: ({ warmupSteps, schedule, shape, startFactor, reach, mode }, path) => {
    only('warmup', path, { mode: mode === 'prefix', shape: shape === 'linear', reach: reach === 'target' });
    const inner = expression(schedule, `${path}/schedule`);
    if (warmupSteps === 0) return inner;
    const target = typeof schedule === 'number' ? schedule : (parsePlan(schedule).learningRate as Schedule)(0);
    return warmed(inner, warmupSteps, startFactor * target, target, path);
  },

  sequence: ({ schedules, boundaries }, path) => {
    const [first, second, ...more] = schedules;
    const line = typeof first === 'object' && first.type === 'linear' ? complete(first) : undefined;
    if (line !== undefined && more.length === 0 && line.decaySteps === boundaries[0]) {
      return warmed(expression(second!, `${path}/schedules/1`), line.decaySteps, line.initValue, line.endValue, path);
    }
    const noam = typeof second === 'object' && second.type === 'noam' ? complete(second) : undefined;
    if (noam !== undefined && first === 0 && boundaries[0] === 1 && more.length === 0) {
      return call('NoamDecay', {
        d_model: pythonNumber(noam.modelSize),
        warmup_steps: pythonNumber(noam.warmupSteps),
        learning_rate: noam.scaleFactor === 1 ? undefined : pythonFloat(noam.scaleFactor),
      });
    }
    throw noForm('Paddle', 'sequence', 'only a straight line before another schedule has one, as LinearWarmup', path);
  },
};

/** The expression of a schedule, or the refusal that names what has no form in Paddle. */
export function expression(spec: ScheduleSpec | number, path: string): string {
  if (typeof spec === 'number') return pythonFloat(spec);
  return writtenBy(writers, 'Paddle', 'class of paddle.optimizer.lr', spec, path);
}

function polynomial(init: number, end: number, steps: number, power: number, cycle: boolean, path: string): string {
  return call('PolynomialDecay', {
    learning_rate: pythonFloat(init),
    decay_steps: whole('polynomialDecay', 'decaySteps', steps, path),
    end_lr: pythonFloat(end),
    power: power === 1 ? undefined : pythonFloat(power),
    cycle: cycle ? 'True' : undefined,
  });
}

const natural = (init: number, gamma: number): string =>
  call('NaturalExpDecay', { learning_rate: pythonFloat(init), gamma: pythonFloat(gamma) });

function warmed(inner: string, steps: number, start: number, end: number, path: string): string {
  if (start >= end) throw noForm('Paddle', 'warmup', 'LinearWarmup only rises', path);
  return call('LinearWarmup', {
    learning_rate: inner,
    warmup_steps: whole('warmup', 'warmupSteps', steps, path),
    start_lr: pythonFloat(start),
    end_lr: pythonFloat(end),
  });
}

type Table = ScheduleSpecs['piecewiseConstant' | 'multiStepDecay'];

/** A table of values, each in force from its boundary on. */
function table({ boundaries, change, type }: Required<Table>, path: string, given: Table): string {
  const value = parsePlan(given).learningRate as Schedule;
  const edges = [...new Set(boundaries)].map((edge) => (change === 'at' ? Math.ceil(edge) : Math.floor(edge) + 1));
  const kept = [...new Set(edges)].filter((edge) => edge > 0);
  if (kept.length === 0) return pythonFloat(value(0));
  if (!kept.every(Number.isSafeInteger)) throw noForm('Paddle', type, 'boundaries beyond 2⁵³', path);
  return call('PiecewiseDecay', {
    boundaries: pythonList(kept.map(pythonNumber)),
    values: pythonList([0, ...kept].map((step) => pythonFloat(value(step)))),
  });
}

/** A number of steps, which Paddle wants as an int. */
function whole(type: string, option: string, steps: number, path: string): string {
  if (Number.isInteger(steps)) return pythonNumber(steps);
  throw noForm('Paddle', type, `${option} is not a whole number`, `${path}/${option}`);
}
