import {
  cosineDecay,
  cyclic,
  linear,
  multiply,
  multiStepDecay,
  naturalExponentialDecay,
  oneCycle,
  piecewiseConstant,
  polynomialDecay,
  reduceOnPlateau,
  sequence,
  stableDecay,
  stepDecay,
  warmRestarts,
  warmup,
  type Plan,
} from '@anneal/core';
import { pythonLambda } from '../src/torch/pythonLambda.ts';

type Plans = Readonly<Record<string, Plan['learningRate']>>;

/** Plans that no description of PyTorch, transformers or timm reads as, but that have a form there. */
export const torchPlans: Readonly<Record<'timm' | 'torch' | 'transformers', Plans>> = {
  torch: {
    number: 0.05,
    'cosine that is held': cosineDecay({ initValue: 0.1, endValue: 0.01, decaySteps: 20 }),
    'cosine that rises': cosineDecay({ initValue: 0.01, endValue: 0.1, decaySteps: 20 }),
    'line that rises': linear({ initValue: 0.01, endValue: 0.1, decaySteps: 20 }),
    'natural exponential': naturalExponentialDecay({ initValue: 0.1, decayRate: 0.05 }),
    table: piecewiseConstant({ boundaries: [2, 4, 12], values: [0, 0.5, 0.1, 0.3] }),
    'drops after their boundaries': multiStepDecay({
      initValue: 0.1,
      boundaries: [3, 6],
      dropFactor: 0.5,
      change: 'after',
    }),
    'linear warm-up': warmup({
      warmupSteps: 5,
      schedule: cosineDecay({ initValue: 0.1, endValue: 0.01, decaySteps: 20 }),
    }),
    'linear warm-up from 0': warmup({
      warmupSteps: 5,
      startFactor: 0,
      schedule: stepDecay({ initValue: 0.1, dropSteps: 9 }),
    }),
    'geometric warm-up': warmup({
      warmupSteps: 5,
      shape: 'exponential',
      schedule: linear({ initValue: 0.1, decaySteps: 20 }),
    }),
    'constant warm-up': warmup({ warmupSteps: 5, shape: 'constant', schedule: 0.1 }),
    'restarts after a warm-up': warmup({
      warmupSteps: 3,
      schedule: warmRestarts({ initValue: 0.1, cycleSteps: 6, cycleFactor: 2 }),
    }),
    'three parts': sequence({
      schedules: [0.01, linear({ initValue: 0.1, decaySteps: 4 }), 0.003],
      boundaries: [3, 9],
    }),
    'sequence in a sequence': sequence({
      schedules: [
        sequence({ schedules: [0.01, 0.05], boundaries: [4] }),
        cosineDecay({ initValue: 0.1, decaySteps: 8 }),
      ],
      boundaries: [6],
    }),
    'a part that goes on from where the last one stopped': sequence({
      schedules: [
        0.1,
        cosineDecay({ initValue: 0.1, endValue: 0.02, decaySteps: 10 }),
        linear({ initValue: 0.02, endValue: 0.05, decaySteps: 8 }),
      ],
      boundaries: [4, 14],
    }),
    'product of factors': multiply({
      schedules: [
        polynomialDecay({ initValue: 0.1, decaySteps: 30, power: 2 }),
        stepDecay({ initValue: 1, dropFactor: 0.5, dropSteps: 7 }),
      ],
    }),
    'a lambda with a module': pythonLambda({
      initValue: 0.1,
      lambda: 'lambda epoch: max(0.1, 1 - math.sqrt(epoch / 20))',
    }),
    'a lambda after a warm-up': warmup({
      warmupSteps: 4,
      schedule: pythonLambda({ initValue: 0.1, lambda: 'lambda t: 1 if t % 5 < 3 else 0.5' }),
    }),
    'cycles that shrink': cyclic({ initValue: 0.01, peakValue: 0.1, upSteps: 3, downSteps: 5, cycleFactor: 0.8 }),
    'one cycle': oneCycle({ peakValue: 0.1, totalSteps: 51 }),
    'plateau with an absolute threshold': {
      schedule: 0.1,
      controllers: { plateau: { use: reduceOnPlateau({ patience: 1, thresholdMode: 'absolute', threshold: 0.05 }) } },
    },
    'plateau of the usual kind': {
      schedule: 0.1,
      controllers: { plateau: { use: reduceOnPlateau({ patience: 1, reduceFactor: 0.5, cooldown: 1 }) } },
    },
  },
  transformers: {
    number: 0.05,
    'warm-up, line': warmup({ warmupSteps: 5, startFactor: 0, schedule: linear({ initValue: 0.1, decaySteps: 45 }) }),
    'warm-up, cosine that is held': warmup({
      warmupSteps: 5,
      startFactor: 0,
      schedule: cosineDecay({ initValue: 0.1, decaySteps: 45 }),
    }),
    'warm-up, hold, cool-down': warmup({
      warmupSteps: 5,
      startFactor: 0,
      schedule: stableDecay({ initValue: 0.1, stableSteps: 10, decaySteps: 8, shape: 'oneMinusSqrt' }),
    }),
  },
  timm: {
    'cosine after a warm-up': warmup({
      warmupSteps: 5,
      schedule: cosineDecay({ initValue: 0.1, endValue: 0.01, decaySteps: 20 }),
    }),
    'warm-up, hold, cool-down': warmup({
      warmupSteps: 5,
      startFactor: 0.1,
      schedule: stableDecay({ initValue: 0.1, stableSteps: 10, decaySteps: 8, shape: 'cosine' }),
    }),
  },
};
