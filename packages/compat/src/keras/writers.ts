import type { Schedule, ScheduleSpec, ScheduleSpecs } from '@anneal/core';
import { parsePlan } from '../parsePlan.ts';
import { complete } from '../complete.ts';
import { noForm, pythonCall, pythonFloat, pythonList, pythonNumber } from '../python.ts';
import { onlyIn, writtenBy, type Writers } from '../writers.ts';

type Cosine = Required<ScheduleSpecs['cosineDecay']>;

const call = (name: string, args: Readonly<Record<string, string | undefined>>): string =>
  pythonCall(`keras.optimizers.schedules.${name}`, args);

const only = onlyIn('Keras');

/** The Python expression of a schedule of Keras: an instance of LearningRateSchedule, or a float. */
const writers: Writers<string> = {
  constant: ({ value }) => pythonFloat(value),

  linear: ({ initValue, endValue, decaySteps }) => polynomial(initValue, endValue, decaySteps),

  polynomialDecay: ({ initValue, endValue, decaySteps, power, kDecay, pastEnd }, path) => {
    only('polynomialDecay', path, { kDecay: kDecay === 1 });
    return polynomial(initValue, endValue, decaySteps, power, pastEnd === 'cycle');
  },

  exponentialDecay: ({ initValue, gamma, decaySteps }) => exponential(initValue, gamma, decaySteps),

  naturalExponentialDecay: ({ initValue, decayRate }) =>
    decayRate === 0 ? pythonFloat(initValue) : exponential(initValue, Math.exp(-1), 1 / decayRate),

  stepDecay: ({ initValue, dropFactor, dropSteps }) => exponential(initValue, dropFactor, dropSteps, true),

  inverseTimeDecay: (spec, path) => inverseTime(spec, path),

  quantize: ({ schedule, everySteps }, path) => {
    // Keras' staircase rounds the time in units of decay_steps.
    if (typeof schedule !== 'number' && schedule.type === 'inverseTimeDecay') {
      const inner = complete(schedule);
      if (inner.decaySteps === everySteps) return inverseTime(inner, `${path}/schedule`, true);
    }
    if (typeof schedule !== 'number' && schedule.type === 'exponentialDecay') {
      const { initValue, gamma, decaySteps } = complete(schedule);
      if (decaySteps === everySteps) return exponential(initValue, gamma, decaySteps, true);
    }
    throw noForm(
      'Keras',
      'quantize',
      'only exponential and inverse time decay have a staircase, of their own decay_steps',
      path,
    );
  },

  piecewiseConstant: (spec, path, given) => table(spec, path, given),
  multiStepDecay: (spec, path, given) => table(spec, path, given),

  cosineDecay: (spec, path) => cosine(spec, path),

  warmup: (spec, path) => {
    const { warmupSteps, schedule, shape, startFactor, reach, mode } = spec;
    only('warmup', path, { mode: mode === 'prefix', shape: shape === 'linear', reach: reach === 'target' });
    if (typeof schedule === 'number' || schedule.type !== 'cosineDecay') {
      throw noForm('Keras', 'warmup', 'only CosineDecay has a warm-up', `${path}/schedule`);
    }
    const wave = complete(schedule);
    return cosine(wave, `${path}/schedule`, { from: startFactor * wave.initValue, steps: warmupSteps });
  },

  sequence: ({ schedules, boundaries }, path) => {
    const [first, second, ...more] = schedules;
    const line = typeof first === 'object' && first.type === 'linear' ? complete(first) : undefined;
    const wave = typeof second === 'object' && second.type === 'cosineDecay' ? complete(second) : undefined;
    const fits = more.length === 0 && line?.endValue === wave?.initValue && line?.decaySteps === boundaries[0];
    if (line === undefined || wave === undefined || !fits) {
      throw noForm('Keras', 'sequence', 'only a straight line up to a cosine has a form, as its warm-up', path);
    }
    return cosine(wave, `${path}/schedules/1`, { from: line.initValue, steps: line.decaySteps });
  },

  warmRestarts: (spec, path) => {
    const { initValue, endValue, cycleSteps, cycleFactor, decayFactor, decays, cycleLimit, schedule } = spec;
    only('warmRestarts', path, {
      decays: decays === 'amplitude' || decayFactor === 1,
      cycleLimit: cycleLimit === Number.MAX_SAFE_INTEGER,
      schedule: typeof schedule === 'function',
    });
    return call('CosineDecayRestarts', {
      initial_learning_rate: pythonFloat(initValue),
      first_decay_steps: pythonNumber(cycleSteps),
      t_mul: pythonFloat(cycleFactor),
      m_mul: decayFactor === 1 ? undefined : pythonFloat(decayFactor),
      alpha: share('warmRestarts', initValue, endValue, path),
    });
  },
};

/** The expression of a schedule, or the refusal that names what has no form in Keras. */
export function expression(spec: ScheduleSpec | number, path: string): string {
  if (typeof spec === 'number') return pythonFloat(spec);
  return writtenBy(writers, 'Keras', 'class of keras.optimizers.schedules', spec, path);
}

function polynomial(init: number, end: number, steps: number, power = 1, cycle = false): string {
  return call('PolynomialDecay', {
    initial_learning_rate: pythonFloat(init),
    decay_steps: pythonNumber(steps),
    end_learning_rate: pythonFloat(end),
    power: power === 1 ? undefined : pythonFloat(power),
    cycle: cycle ? 'True' : undefined,
  });
}

function exponential(init: number, rate: number, steps: number, staircase = false): string {
  return call('ExponentialDecay', {
    initial_learning_rate: pythonFloat(init),
    decay_steps: pythonNumber(steps),
    decay_rate: pythonFloat(rate),
    staircase: staircase ? 'True' : undefined,
  });
}

function inverseTime(spec: Required<ScheduleSpecs['inverseTimeDecay']>, path: string, staircase = false): string {
  only('inverseTimeDecay', path, { power: spec.power === 1 });
  return call('InverseTimeDecay', {
    initial_learning_rate: pythonFloat(spec.initValue),
    decay_steps: pythonNumber(spec.decaySteps),
    decay_rate: pythonFloat(spec.decayRate),
    staircase: staircase ? 'True' : undefined,
  });
}

function cosine(spec: Cosine, path: string, warmup?: { readonly from: number; readonly steps: number }): string {
  const { initValue, endValue, decaySteps, power, kDecay, pastEnd } = spec;
  only('cosineDecay', path, { power: power === 1, kDecay: kDecay === 1, pastEnd: pastEnd === 'hold' });
  return call('CosineDecay', {
    initial_learning_rate: pythonFloat(warmup?.from ?? initValue),
    decay_steps: pythonNumber(decaySteps),
    alpha: share('cosineDecay', initValue, endValue, path),
    warmup_target: warmup && pythonFloat(initValue),
    warmup_steps: warmup && pythonNumber(warmup.steps),
  });
}

/** Keras gives the floor as a share of the peak. */
function share(type: string, init: number, end: number, path: string): string | undefined {
  if (end === 0) return undefined;
  if (init === 0) throw noForm('Keras', type, 'its end is a share of initValue, 0', path);
  return pythonFloat(end / init);
}

type Table = ScheduleSpecs['piecewiseConstant' | 'multiStepDecay'];

/** A table of values: Keras changes after a boundary, so what is to change at a whole step changes after the one before. */
function table({ boundaries, change, type }: Required<Table>, path: string, given: Table): string {
  const value = parsePlan(given).learningRate as Schedule;
  if (change === 'at' && !boundaries.every(Number.isInteger)) {
    throw noForm('Keras', type, 'a change at a fraction of a step', `${path}/boundaries`);
  }
  const edges = [...new Set(boundaries)].map((boundary) => (change === 'at' ? boundary - 1 : boundary));
  const kept = edges.filter((edge) => edge >= 0);
  if (kept.length === 0) return pythonFloat(value(Number.MAX_SAFE_INTEGER));
  return call('PiecewiseConstantDecay', {
    boundaries: pythonList(kept.map(pythonNumber)),
    values: pythonList([0, ...kept.map((edge) => Math.floor(edge) + 1)].map((step) => pythonFloat(value(step)))),
  });
}
