import { cosineDecay, reduceOnPlateau, type Plan } from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { plainLearner } from '../../../test/plainLearner.ts';
import { LabError } from '../../labError.ts';
import type { Learner } from '../learners/learner.ts';
import { digits } from '../tasks/digits/digits.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint.ts';
import type { MetricsEvent } from './events.ts';
import { createSetup } from './setup.ts';
import { train, type TrainOptions } from './train.ts';

const setup = createSetup({ task: digits, epochs: 3, batchSize: 100 }); // 10 steps an epoch, 30 in all
const schedule = cosineDecay({ initValue: 0.5, decaySteps: setup.totalSteps });
const plateau: Plan = {
  learningRate: {
    schedule: 0.5,
    controllers: {
      loss: { use: reduceOnPlateau({ monitor: 'batchLoss', reduceFactor: 0.5, patience: 1 }) },
      validation: { use: reduceOnPlateau({ monitor: 'val_loss', reduceFactor: 0.9, patience: 0 }) },
    },
  },
};

async function run(learner: Learner, options: TrainOptions = {}) {
  const events: MetricsEvent[] = [];
  const checkpoints: Checkpoint[] = [];
  const result = await train(learner, setup, {
    sink: { write: (written) => events.push(...written) },
    onCheckpoint: (checkpoint) => {
      checkpoints.push(decodeCheckpoint(encodeCheckpoint(checkpoint)).checkpoint);
    },
    ...options,
  });
  return { result, events, checkpoints, weights: await learner.weights() };
}

describe('a run', () => {
  test('writes a step for each update, a validation before the first and after each epoch, and one test', async () => {
    const { events, result, checkpoints } = await run(plainLearner(setup, schedule), { run: 'schedule' });
    const steps = events.filter(({ event }) => event === 'step');
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(steps[11]).toEqual({
      event: 'step',
      run: 'schedule',
      backend: 'plain',
      seed: 1,
      step: 11,
      epoch: 1,
      values: { learningRate: schedule(11) },
      loss: expect.any(Number),
    });
    const looks = events.flatMap((one) => (one.event === 'evaluation' ? [[one.split, one.step, one.epoch]] : []));
    expect(looks).toEqual([
      ['validation', 0, 0],
      ['validation', 10, 1],
      ['validation', 20, 2],
      ['validation', 30, 3],
      ['test', 30, 3],
    ]);
    expect(result.stopped).toBeNull();
    expect(result.test.accuracy).toBeGreaterThan(0.8);
    const last = steps.slice(20).map((event) => (event as { loss: number }).loss);
    expect(result.finalLoss).toBeCloseTo(last.reduce((sum, loss) => sum + loss, 0) / 10, 12);
    expect(checkpoints.map(({ state }) => state.step)).toEqual([10, 20, 30]);
  });

  test('does not depend on how many updates are handed over at once', async () => {
    const one = await run(plainLearner(setup, plateau), { stretch: 1 });
    const many = await run(plainLearner(setup, plateau), { stretch: 100, checkpointSteps: 7 });
    expect(many.events).toEqual(one.events);
    expect(many.weights).toEqual(one.weights);
  });

  test('tells controllers the validations: falling, for one that wants them to rise, so it reduces after each', async () => {
    const use = reduceOnPlateau({ monitor: 'val_loss', mode: 'max', reduceFactor: 0.5, patience: 0 });
    const { events } = await run(
      plainLearner(setup, { learningRate: { schedule: 0.5, controllers: { use: { use } } } }),
    );
    const rates = events.flatMap((one) => (one.event === 'step' ? [one.values['learningRate']] : []));
    expect(rates).toEqual([0.5, 0.25, 0.125].flatMap((rate) => Array.from({ length: 10 }, () => rate)));
  });

  test('tells controllers the loss of each update', async () => {
    const { events } = await run(plainLearner(setup, plateau));
    const rates = new Set(events.flatMap((one) => (one.event === 'step' ? [one.values['learningRate']] : [])));
    expect(rates).toContain(0.25);
  });

  test('tells controllers the mean loss of each epoch, once: an imported plateau counts epochs', async () => {
    // Nothing gains half: the first epoch is the best, and each later one halves the rate, which shows in the next.
    const use = reduceOnPlateau({ reduceFactor: 0.5, patience: 0, threshold: 0.99 });
    const learner = plainLearner(setup, { learningRate: { schedule: 0.5, controllers: { use: { use } } } });
    const { events } = await run(learner);
    const steps = events.flatMap((one) => (one.event === 'step' ? [one] : []));
    expect(steps.map(({ values }) => values['learningRate'])).toEqual(
      [0.5, 0.5, 0.25].flatMap((rate) => Array.from({ length: 10 }, () => rate)),
    );
    const state = learner.scheduler.state().controllers['learningRate/use'] as { readonly best: number };
    const first = steps.slice(0, 10).reduce((sum, { loss }) => sum + loss, 0) / 10;
    expect(state.best).toBeCloseTo(first, 12);
  });

  test('refuses a controller that would wait for a metric for ever', async () => {
    const plan = {
      learningRate: { schedule: 1, controllers: { p: { use: reduceOnPlateau({ monitor: 'validationLoss' }) } } },
    };
    await expect(run(plainLearner(setup, plan))).rejects.toThrow(
      'controller learningRate/p: monitor must be one of those that training reports ' +
        '(batchLoss, loss, val_loss, val_accuracy); received "validationLoss"',
    );
  });
});

describe('a run that ended', () => {
  test.each([1, 10, 13, 29])('by an abort after %i updates goes on bit for bit', async (cut) => {
    const whole = await run(plainLearner(setup, plateau), { checkpointSteps: 4 });
    const stop = new AbortController();
    const first: MetricsEvent[] = [];
    const { result, checkpoints } = await run(plainLearner(setup, plateau), {
      stretch: 1,
      checkpointSteps: 4,
      signal: stop.signal,
      sink: {
        write: (events) => {
          first.push(...events);
          if (events.some(({ event, step }) => event === 'step' && step + 1 === cut)) stop.abort();
        },
      },
    });
    expect([result.stopped, result.steps]).toEqual(['aborted', cut]);
    expect(checkpoints.at(-1)?.state.step).toBe(cut);
    const second = await run(plainLearner(setup, plateau), { resume: checkpoints.at(-1), checkpointSteps: 4 });
    expect([...first, ...second.events]).toEqual(whole.events);
    expect(second.weights).toEqual(whole.weights);
    expect(second.result).toEqual({ ...whole.result, stepsPerSecond: expect.any(Number) });
  });

  test('is not run again', async () => {
    const { checkpoints, result } = await run(plainLearner(setup, schedule));
    const again = await run(plainLearner(setup, schedule), { resume: checkpoints.at(-1) });
    expect(again.events).toEqual([]);
    expect(again.result).toEqual(result);
  });

  test('because the loss was not finite takes back the best weights', async () => {
    const wild = (step: number): number => (step < 15 ? 0.5 : 1e308);
    const learner = plainLearner(setup, wild);
    const { result, events } = await run(learner);
    expect(result.stopped).toBe('diverged');
    expect(result.testedStep).toBe(10);
    expect(result.test.accuracy).toBeGreaterThan(0.5);
    expect(result.steps).toBe(16); // the update at step 15 blew up, the loss at step 16 showed it
    expect(events.at(-2)).toMatchObject({ event: 'step', step: 15 });
    expect(events.at(-1)).toMatchObject({ event: 'evaluation', split: 'test', metrics: result.test });
  });

  test('because nothing got better any more takes the best weights', async () => {
    const { result } = await run(
      plainLearner(setup, (step) => (step < 10 ? 0.5 : 0)),
      { patience: 1 },
    );
    expect([result.stopped, result.steps, result.testedStep]).toEqual(['early', 20, 10]);
  });
});

describe('a checkpoint', () => {
  test('of another run is refused', async () => {
    const { checkpoints } = await run(plainLearner(setup, schedule));
    await expect(run(plainLearner(setup, schedule), { run: 'control', resume: checkpoints[0] })).rejects.toThrow(
      'the checkpoint belongs to another run: its run is schedule, here it is control',
    );
  });

  test.each([0, 7, 100])('cut to %i bytes is refused', async (length) => {
    const { checkpoints } = await run(plainLearner(setup, schedule));
    const file = encodeCheckpoint(checkpoints[0]!);
    expect(() => decodeCheckpoint(file.subarray(0, length))).toThrow(LabError);
    expect(() => decodeCheckpoint(file.subarray(0, file.length - 1))).toThrow('damaged');
  });
});
