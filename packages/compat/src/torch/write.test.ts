import {
  chebyshev,
  constant,
  cosineDecay,
  exponentialDecay,
  greedy,
  linear,
  oneCycle,
  polynomialDecay,
  reduceOnPlateau,
  ScheduleError,
  sequence,
  stepDecay,
  warmup,
  type Plan,
} from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { write } from './write.ts';

const cosine = cosineDecay({ initValue: 0.1, decaySteps: 100 });

test('writes phases as a SequentialLR, one scheduler a line', () => {
  expect(write(warmup({ warmupSteps: 5, startFactor: 0.5, schedule: cosine }))).toBe(`\
from torch.optim.lr_scheduler import ConstantLR, CosineAnnealingLR, LinearLR, SequentialLR

learning_rate = 0.1


def make_scheduler(optimizer):
    return SequentialLR(
        optimizer,
        schedulers=[
            LinearLR(optimizer, start_factor=0.5, end_factor=1.0, total_iters=5),
            CosineAnnealingLR(optimizer, T_max=100),
            ConstantLR(optimizer, factor=0.0, total_iters=2147483648),
        ],
        milestones=[5, 105],
    )
`);
});

test('writes the momentum that goes against a cycle, and a constant one for the optimizer', () => {
  const clock = { totalSteps: 10, peakFraction: 0.5 };
  const rate = oneCycle({ ...clock, peakValue: 1 });
  const against = oneCycle({ ...clock, initValue: 0.95, peakValue: 0.85, endValue: 0.95 });
  expect(write({ learningRate: rate, beta1: against })).toContain('beta1 = 0.95\n');
  expect(write({ learningRate: rate, beta1: against })).toContain('base_momentum=0.85, max_momentum=0.95');
  const constantMomentum = write({ learningRate: rate, momentum: 0.9 });
  expect(constantMomentum).toContain('momentum = 0.9\n');
  expect(constantMomentum).toContain('cycle_momentum=False');
});

const plateau = { use: reduceOnPlateau({ patience: 2 }) };
const refused: readonly (readonly [string, Plan, string])[] = [
  [
    'a schedule that PyTorch lacks',
    { learningRate: chebyshev({ peakValue: 0.1, endValue: 0.01, cycleSteps: 8 }) },
    'chebyshev',
  ],
  ['groups', { learningRate: 0.1, groups: { head: { learningRate: 1 } } }, 'groups'],
  ['another hyperparameter', { learningRate: 0.1, weightDecay: 0.1 }, 'weightDecay'],
  [
    'momentum that goes its own way',
    { learningRate: cosine, momentum: linear({ initValue: 0.9, decaySteps: 9 }) },
    'momentum',
  ],
  [
    'momentum on another clock',
    {
      learningRate: oneCycle({ peakValue: 1, totalSteps: 9 }),
      momentum: oneCycle({ initValue: 0.9, peakValue: 0.8, endValue: 0.9, totalSteps: 8 }),
    },
    'totalSteps',
  ],
  [
    'a plateau beside a schedule',
    { learningRate: { schedule: cosine, controllers: { plateau } } },
    'a controller beside a schedule',
  ],
  [
    'a plateau with a window',
    { learningRate: { schedule: 0.1, controllers: { plateau: { ...plateau, from: 5 } } } },
    'window',
  ],
  ['another controller', { learningRate: { schedule: 0.1, controllers: { greedy: { use: greedy({}) } } } }, 'greedy'],
  [
    'a fraction of a step',
    { learningRate: linear({ initValue: 0.1, endValue: 0.01, decaySteps: 2.5 }) },
    'decaySteps must be a whole number',
  ],
  [
    'a polynomial that does not end at 0',
    { learningRate: polynomialDecay({ initValue: 0.1, endValue: 0.01, decaySteps: 9 }) },
    'endValue',
  ],
  [
    'parts that start from different rates',
    {
      learningRate: sequence({
        schedules: [stepDecay({ initValue: 0.2, dropSteps: 3 }), exponentialDecay({ initValue: 0.1, gamma: 0.9 })],
        boundaries: [5],
      }),
    },
    'not from 0.2 and 0.1',
  ],
  [
    'a part above the rate',
    {
      learningRate: sequence({
        schedules: [constant({ value: 0.5 }), exponentialDecay({ initValue: 0.1, gamma: 0.9 })],
        boundaries: [5],
      }),
    },
    'rises to 0.5',
  ],
];

describe('refuses by name', () => {
  test.each(refused)('%s', (_, plan, words) => {
    expect(() => write(plan)).toThrow(ScheduleError);
    expect(() => write(plan)).toThrow(words);
  });
});

test('a bare function has no form', () => {
  expect(() => write((step: number) => 0.1 / (1 + step))).toThrow(/bare function/);
});
