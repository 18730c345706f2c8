import {
  annealFrom,
  constant,
  cosineDecay,
  cyclic,
  dampen,
  exponentialDecay,
  infinite,
  interpolate,
  inverseLinearDecay,
  inverseSqrtDecay,
  inverseTimeDecay,
  linear,
  multiply,
  multiStepDecay,
  naturalExponentialDecay,
  noam,
  oneCycle,
  perEpoch,
  piecewiseConstant,
  polynomialDecay,
  powerDecay,
  pulse,
  quantize,
  repeat,
  rexDecay,
  scale,
  sequence,
  slantedTriangular,
  stableDecay,
  stepDecay,
  sweep,
  tanhDecay,
  triStage,
  warmRestarts,
  warmup,
  type Schedule,
} from '../src/index.ts';

/** A schedule of ours and the same formula as somebody would write it by hand for one run of 1000 steps. */
export interface Family {
  readonly name: string;
  readonly ours: Schedule;
  readonly hand: Schedule;
}

/** Every family twice. The hand-written ones bind their numbers in a closure, as ours do, and know nothing else. */
export function families(): readonly Family[] {
  const [a, b, T] = [0.1, 0.001, 1000];
  const cosine = cosineDecay({ initValue: a, endValue: b, decaySteps: T });
  // Like ours they start and end at the very values, whatever these are: b + (a − b) need not be a.
  const half = (x: number): number => (1 - Math.cos(Math.PI * x)) / 2;
  const handCosine = (t: number): number => {
    if (t <= 0) return a;
    return t < T ? b + ((a - b) * (1 + Math.cos((Math.PI * t) / T))) / 2 : b;
  };
  const handLinear = (t: number): number => (t < T ? a * (1 - t / T) + b * (t / T) : b);
  const line = linear({ initValue: a, endValue: b, decaySteps: T });
  const family = (name: string, ours: Schedule, hand: Schedule): Family => ({ name, ours, hand });
  return [
    family('constant', constant({ value: a }), () => a),
    family('linear', line, handLinear),
    family('polynomialDecay', polynomialDecay({ initValue: a, endValue: b, decaySteps: T, power: 2 }), (t) => {
      if (t <= 0) return a;
      return t < T ? (a - b) * (1 - t / T) ** 2 + b : b;
    }),
    family('exponentialDecay', exponentialDecay({ initValue: a, gamma: 0.999 }), (t) => a * 0.999 ** t),
    family(
      'naturalExponentialDecay',
      naturalExponentialDecay({ initValue: a, decayRate: 1e-3 }),
      (t) => a * Math.exp(-1e-3 * t),
    ),
    family(
      'stepDecay',
      stepDecay({ initValue: a, dropFactor: 0.5, dropSteps: 100 }),
      (t) => a * 0.5 ** Math.floor(t / 100),
    ),
    family('multiStepDecay', multiStepDecay({ initValue: a, boundaries: [300, 600, 900] }), (t) =>
      t < 300 ? a : t < 600 ? a * 0.1 : t < 900 ? a * 0.1 ** 2 : a * 0.1 ** 3,
    ),
    family('piecewiseConstant', piecewiseConstant({ boundaries: [300, 600], values: [a, 0.05, b] }), (t) =>
      t < 300 ? a : t < 600 ? 0.05 : b,
    ),
    family('interpolate', interpolate({ knots: [0, 100, T], values: [b, a, 0] }), (t) => {
      if (t >= T) return 0;
      return t < 100 ? b * (1 - t / 100) + (a * t) / 100 : a * (1 - (t - 100) / 900);
    }),
    family(
      'inverseTimeDecay',
      inverseTimeDecay({ initValue: a, decayRate: 0.5, decaySteps: 100 }),
      (t) => a / (1 + (0.5 * t) / 100),
    ),
    family(
      'inverseSqrtDecay',
      inverseSqrtDecay({ initValue: a, timescaleSteps: 100 }),
      (t) => a / Math.sqrt((t + 100) / 100),
    ),
    family('inverseLinearDecay', inverseLinearDecay({ initValue: a, endValue: b, decaySteps: T }), (t) =>
      t < T ? 1 / ((1 - t / T) / a + t / T / b) : b,
    ),
    family(
      'powerDecay',
      powerDecay({ initValue: a, timescaleSteps: 100, power: 0.51 }),
      (t) => a * ((t + 100) / 100) ** -0.51,
    ),
    family(
      'noam',
      noam({ modelSize: 512, warmupSteps: 100 }),
      (t) => 512 ** -0.5 * Math.min((t + 1) ** -0.5, (t + 1) * 100 ** -1.5),
    ),
    family('cosineDecay', cosine, handCosine),
    family('tanhDecay', tanhDecay({ initValue: a, decaySteps: T, lower: -5, upper: 5, ends: 'raw' }), (t) =>
      t < T ? (a * (1 - Math.tanh(-5 * (1 - t / T) + (5 * t) / T))) / 2 : 0,
    ),
    family('rexDecay', rexDecay({ initValue: a, decaySteps: T }), (t) =>
      t < T ? (a * (1 - t / T)) / (0.5 + 0.5 * (1 - t / T)) : 0,
    ),
    family('cyclic', cyclic({ initValue: b, peakValue: a, upSteps: 100 }), (t) => {
      const at = t % 200;
      const p = at <= 100 ? at / 100 : (200 - at) / 100;
      return b * (1 - p) + a * p;
    }),
    family('oneCycle', oneCycle({ peakValue: a, totalSteps: T }), (t) => {
      const peak = 0.3 * T - 1;
      const x = half(t <= peak ? t / peak : (t - peak) / (T - 1 - peak));
      if (t <= peak) return (a / 25) * (1 - x) + a * x;
      return t < T - 1 ? a * (1 - x) + (a / 25e4) * x : a / 25e4;
    }),
    family('warmRestarts', warmRestarts({ initValue: a, cycleSteps: 50, cycleFactor: 2 }), (t) => {
      let [start, cycle] = [0, 50];
      while (t >= start + cycle) {
        start += cycle;
        cycle *= 2;
      }
      return (a * (1 + Math.cos((Math.PI * (t - start)) / cycle))) / 2;
    }),
    family(
      'stableDecay',
      stableDecay({ initValue: a, stableSteps: 800, decaySteps: 200, shape: 'oneMinusSqrt' }),
      (t) => (t <= 800 ? a : t < T ? a * (1 - Math.sqrt((t - 800) / 200)) : 0),
    ),
    family('triStage', triStage({ peakValue: a, warmupSteps: 100, holdSteps: 400, decaySteps: 500 }), (t) => {
      if (t < 100) return a * (0.01 * (1 - t / 100) + t / 100);
      return t < 500 ? a : t < T ? a * 0.01 ** ((t - 500) / 500) : a * 0.01;
    }),
    family('slantedTriangular', slantedTriangular({ peakValue: a, totalSteps: T }), (t) => {
      const p = t < 100 ? t / 100 : t < T ? 1 - (t - 100) / 900 : 0;
      return a * (1 / 32 + (1 - 1 / 32) * p);
    }),
    family('infinite', infinite({ initValue: a, constantValue: b, cooldownSteps: T }), (t) =>
      t < T ? a + ((b - a) * (1 / Math.sqrt(1 + (10 * t) / T) - 1)) / (1 / Math.sqrt(11) - 1) : b,
    ),
    family('sweep', sweep({ initValue: 1e-7, endValue: 10, sweepSteps: T }), (t) =>
      t < T ? 1e-7 * 1e8 ** (t / T) : 10,
    ),
    family('warmup', warmup({ warmupSteps: 100, schedule: cosine }), (t) =>
      t < 100 ? a * ((1 / 101) * (1 - t / 100) + t / 100) : handCosine(t - 100),
    ),
    family(
      'dampen',
      dampen({ schedule: cosine, dampenSteps: 100 }),
      (t) => (1 - Math.exp(-(t + 1) / 100)) * handCosine(t),
    ),
    family('sequence', sequence({ schedules: [a, line, cosine], boundaries: [100, 500] }), (t) =>
      t < 100 ? a : t < 500 ? handLinear(t - 100) : handCosine(t - 500),
    ),
    family('scale', scale({ schedule: cosine, factor: 0.5 }), (t) => 0.5 * handCosine(t)),
    family('multiply', multiply({ schedules: [cosine, line] }), (t) => handCosine(t) * handLinear(t)),
    family('quantize', quantize({ schedule: cosine, everySteps: 10 }), (t) => handCosine(10 * Math.floor(t / 10))),
    family('perEpoch', perEpoch({ schedule: linear({ initValue: a, decaySteps: 20 }), stepsPerEpoch: 50 }), (t) => {
      const epoch = Math.floor(t / 50);
      return epoch < 20 ? a * (1 - epoch / 20) : 0;
    }),
    family('annealFrom', annealFrom({ schedule: cosine, atSteps: 500, decaySteps: 100 }), (t) =>
      t <= 500 ? handCosine(t) : t < 600 ? handCosine(500) * (1 - (t - 500) / 100) : 0,
    ),
    family('repeat', repeat({ schedule: cosine, cycleSteps: 100 }), (t) => handCosine(t % 100)),
    family('pulse', pulse({ schedule: cosine, atSteps: 500, pulseSteps: 50, peakFactor: 5 }), (t) =>
      t >= 500 && t < 550 ? 5 * handCosine(t) : handCosine(t),
    ),
  ];
}
