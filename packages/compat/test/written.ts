import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import {
  add,
  clamp,
  constant,
  cosineDecay,
  exponentialDecay,
  hold,
  interpolate,
  inverseTimeDecay,
  linear,
  multiply,
  multiStepDecay,
  naturalExponentialDecay,
  perEpoch,
  piecewiseConstant,
  quantize,
  reduceOnPlateau,
  scale,
  ScheduleError,
  sequence,
  shift,
  stepDecay,
  warmRestarts,
  warmup,
  type Plan,
} from '@anneal/core';
import * as keras from '../src/keras/index.ts';
import * as optax from '../src/optax/index.ts';
import * as paddle from '../src/paddle/index.ts';
import * as timm from '../src/timm/index.ts';
import * as torch from '../src/torch/index.ts';
import * as transformers from '../src/transformers/index.ts';
import { readFixture, type FixtureCase } from './fixture.ts';
import { torchPlans } from './torchPlans.ts';

export type Framework = 'keras' | 'optax' | 'paddle' | 'timm' | 'torch' | 'transformers';

/** A plan with the Python that `write` makes of it, and the steps at which the framework's values are recorded. */
export interface WrittenPlan {
  readonly id: string;
  readonly plan: Plan;
  readonly python: string;
  readonly sha256: string;
  readonly steps: readonly number[];
  readonly metrics?: NonNullable<FixtureCase['metrics']>;
  readonly stepsPerEpoch?: number;
}

/** Plans that no description of the framework reads as, but that have a form in it. */
const others: Readonly<Record<Framework, Readonly<Record<string, Plan['learningRate']>>>> = {
  keras: {
    number: 0.05,
    constant: constant({ value: 0.05 }),
    'natural exponential': naturalExponentialDecay({ initValue: 0.1, decayRate: 0.05 }),
    'multi-step at its boundaries': multiStepDecay({ initValue: 0.1, boundaries: [3, 6], dropFactor: 0.5 }),
    'table from step 0': piecewiseConstant({ boundaries: [0, 4], values: [1, 0.5, 0.1] }),
    'staircase of an exponential': quantize({
      schedule: exponentialDecay({ initValue: 0.1, gamma: 0.5, decaySteps: 4 }),
      everySteps: 4,
    }),
    'linear warm-up': warmup({
      warmupSteps: 4,
      schedule: cosineDecay({ initValue: 0.1, endValue: 0.01, decaySteps: 20 }),
    }),
    'endless restarts of a constant length': warmRestarts({ initValue: 0.1, endValue: 0.01, cycleSteps: 8 }),
    'plateau with an absolute threshold': {
      schedule: 0.1,
      controllers: {
        plateau: {
          use: reduceOnPlateau({ monitor: 'loss', patience: 1, thresholdMode: 'absolute', firstIsBest: true }),
        },
      },
    },
  },
  paddle: {
    number: 0.05,
    'exponential with its own length': exponentialDecay({ initValue: 0.1, gamma: 0.5, decaySteps: 10 }),
    'a cosine that is held': cosineDecay({ initValue: 0.1, endValue: 0.01, decaySteps: 15 }),
    'drops after their boundaries': multiStepDecay({
      initValue: 0.1,
      boundaries: [3, 6],
      dropFactor: 0.5,
      change: 'after',
    }),
    'two drops at once': multiStepDecay({ initValue: 0.1, boundaries: [3, 3, 8.5], dropFactor: 0.5 }),
    'warm-up of a held cosine': warmup({ warmupSteps: 4, schedule: cosineDecay({ initValue: 0.1, decaySteps: 12 }) }),
    'plateau with an absolute threshold': {
      schedule: 0.1,
      controllers: {
        plateau: { use: reduceOnPlateau({ patience: 1, thresholdMode: 'absolute', firstIsBest: true }) },
      },
    },
  },
  optax: {
    number: 0.05,
    'natural exponential': naturalExponentialDecay({ initValue: 0.1, decayRate: 0.05 }),
    'drops after their boundaries': multiStepDecay({
      initValue: 0.1,
      boundaries: [3, 6],
      dropFactor: 0.5,
      change: 'after',
    }),
    table: piecewiseConstant({ boundaries: [2, 4], values: [0, 0.5, 0.1] }),
    'lines through zero': interpolate({ knots: [0, 5, 5, 9], values: [0, 0.1, 0.05, 0] }),
    'a way that begins late': interpolate({ knots: [2, 5, 9], values: [0.2, 0.1, 0.3], shape: 'cosine' }),
    'inverse time': inverseTimeDecay({ initValue: 0.1, decayRate: 0.5, decaySteps: 10 }),
    'inverse time, squared, in stairs': quantize({
      schedule: inverseTimeDecay({ initValue: 0.1, decayRate: 0.5, decaySteps: 4, power: 2 }),
      everySteps: 4,
    }),
    'inverse time after a warm-up': warmup({
      warmupSteps: 8,
      schedule: inverseTimeDecay({ initValue: 0.1, decayRate: 1 }),
    }),
    'inverse time inside a later part': sequence({
      schedules: [
        0.2,
        scale({
          schedule: sequence({
            schedules: [inverseTimeDecay({ initValue: 0.1, decayRate: 0.5, power: 0.5 }), 0.01],
            boundaries: [5],
          }),
          factor: 2,
        }),
      ],
      boundaries: [4],
    }),
    'geometric warm-up': warmup({
      warmupSteps: 5,
      shape: 'exponential',
      schedule: linear({ initValue: 0.1, decaySteps: 20 }),
    }),
    'constant warm-up': warmup({ warmupSteps: 5, shape: 'constant', schedule: 0.1 }),
    'by epochs': perEpoch({ schedule: stepDecay({ initValue: 0.1, dropFactor: 0.5, dropSteps: 2 }), stepsPerEpoch: 3 }),
    'held and moved': hold({
      schedule: shift({ schedule: linear({ initValue: 0.2, decaySteps: 20 }), shiftSteps: -4 }),
      fromSteps: 9,
    }),
    'between limits': clamp({ schedule: linear({ initValue: 0.2, decaySteps: 20 }), minValue: 0.05, maxValue: 0.15 }),
    'products and sums': scale({
      schedule: add({
        schedules: [
          0.01,
          multiply({
            schedules: [linear({ initValue: 1, decaySteps: 9 }), cosineDecay({ initValue: 0.1, decaySteps: 14 })],
          }),
        ],
      }),
      factor: 2,
    }),
    'three parts': sequence({
      schedules: [0.01, linear({ initValue: 0.1, decaySteps: 4 }), 0.003],
      boundaries: [3, 9],
    }),
    'plateau with an absolute threshold': {
      schedule: 0.1,
      controllers: { plateau: { use: reduceOnPlateau({ patience: 1, thresholdMode: 'absolute', threshold: 0.05 }) } },
    },
    'plateau of the usual kind': {
      schedule: linear({ initValue: 0.1, decaySteps: 100 }),
      controllers: { plateau: { use: reduceOnPlateau({ patience: 1, reduceFactor: 0.5, cooldown: 1 }) } },
    },
  },
  ...torchPlans,
};

const metrics = [5, 4, 4, 4, 3, 3, 3, 3, null, 2.96, 2, 2, 2, 2, 2, 2, 2];
const usual = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 19, 20, 21, 24, 30, 50];

/** Every plan whose Python is recorded: what the fixtures read as, each text once, and the others above. */
export function writtenPlans(framework: Framework): { written: readonly WrittenPlan[]; refused: readonly string[] } {
  const { read, write } = { keras, optax, paddle, timm, torch, transformers }[framework];
  const written = new Map<string, WrittenPlan>();
  const refused: string[] = [];

  const add = (id: string, plan: Plan, rest: Pick<WrittenPlan, 'steps' | 'metrics' | 'stepsPerEpoch'>): void => {
    try {
      const python = write(plan);
      const sha256 = createHash('sha256').update(python).digest('hex');
      if (!written.has(sha256)) written.set(sha256, { id, plan, python, sha256, ...rest });
    } catch (error) {
      if (!(error instanceof ScheduleError)) throw error;
      refused.push(`${id}: ${error.message}`);
    }
  };

  for (const name of fixtures(framework)) {
    for (const one of readFixture(framework, name).cases) {
      const plan = one.error === undefined ? tryRead(read, one) : undefined;
      if (plan === undefined) continue;
      const wrong = new Set(one.except?.map(({ step }) => step));
      add(`${name} ${one.id}`, plan, {
        steps: thinned(one.steps.filter((step) => !wrong.has(step))),
        ...(one.metrics && { metrics: one.metrics, steps: one.steps }),
        ...(one.horizon?.stepsPerEpoch !== undefined && { stepsPerEpoch: one.horizon.stepsPerEpoch }),
      });
    }
  }
  for (const [id, learningRate] of Object.entries(others[framework])) {
    const controlled = typeof learningRate === 'object';
    const steps = controlled ? metrics.map((_, t) => t) : usual;
    add(id, { learningRate }, { steps, ...(controlled && { metrics }) });
  }
  return { written: [...written.values()], refused };
}

const fixtures = (framework: Framework): readonly string[] =>
  readdirSync(new URL(`../fixtures/${framework}`, import.meta.url))
    .map((file) => file.replace('.json', ''))
    .filter((name) => name !== 'written' && name !== 'directions');

function tryRead(read: typeof keras.read, one: FixtureCase): Plan | undefined {
  try {
    return read(one.description, one.horizon);
  } catch {
    return undefined;
  }
}

/** Some twenty of the recorded steps, the first and the last among them: the fixture itself holds them all. */
const thinned = (steps: readonly number[]): readonly number[] => {
  const every = Math.ceil(steps.length / 20);
  return steps.filter((_, i) => i % every === 0 || i === steps.length - 1);
};
