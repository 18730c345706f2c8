import { cosineDecay, createParser } from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { softmaxLearner } from '../../test/softmaxLearner.ts';
import type { Batch } from '../data/tensor.ts';
import { LabError } from '../labError.ts';
import { digits } from '../tasks/digits/digits.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './checkpoint.ts';
import type { StepEvent, TrainingEvent } from './events.ts';
import { runTrial, type TrialHost } from './runTrial.ts';
import { createSetup, type SetupOptions } from './setup.ts';
import type { Trial } from './trial.ts';

/** 10 steps an epoch, 30 in all. */
const trial: Trial = {
  label: 'schedule',
  task: 'digits',
  backend: 'plain',
  optimizer: { name: 'sgd' },
  schedule: { type: 'cosineDecay', initValue: 0.5, decaySteps: '100%' } as unknown as Trial['schedule'],
  batchSize: 100,
  seed: 1,
  budget: { epochs: 3 },
  patience: null,
};
const rate = cosineDecay({ initValue: 0.5, decaySteps: 30 });
const controlled = (controllers: object, schedule: unknown = { type: 'constant', value: 0.5 }): Trial => ({
  ...trial,
  schedule: { learningRate: { schedule, controllers } } as unknown as Trial['schedule'],
});
const plateau = (options: object) => ({ use: { type: 'reduceOnPlateau', reduceFactor: 0.5, ...options } });
/** Both kinds of reports, after updates and after validations. */
const twice = controlled({
  updates: plateau({ monitor: 'batchLoss', patience: 1 }),
  validations: plateau({ monitor: 'val_loss', patience: 0, threshold: 0.2 }),
});
/** A trial under a bare function of the step, as a parser that knows what a name means reads it. */
const under = (schedule: (step: number) => number): SetupOptions => ({ parse: () => ({ learningRate: schedule }) });

async function run(of: Trial, host: TrialHost = {}, options: SetupOptions = {}) {
  const setup = await createSetup(of, options);
  const learner = await softmaxLearner(setup);
  const events: TrainingEvent[] = [];
  const checkpoints: Checkpoint[] = [];
  const result = await runTrial(setup, learner, {
    events: (some) => events.push(...some.filter(({ event }) => event !== 'timing')),
    checkpoint: (checkpoint) => {
      checkpoints.push(decodeCheckpoint(encodeCheckpoint(checkpoint)));
    },
    ...host,
  });
  const steps = events.filter((event): event is StepEvent => event.event === 'step');
  return { setup, learner, result, events, steps, checkpoints, weights: await learner.weights() };
}
const ratesOf = (steps: readonly StepEvent[]): number[] => steps.map(({ values }) => values.learningRate);
const epochsOf = (...rates: number[]): number[] => rates.flatMap((one) => Array.from({ length: 10 }, () => one));
const looksOf = (events: readonly TrainingEvent[]): unknown[] =>
  events.flatMap((one) => (one.event === 'evaluation' ? [[one.split, one.step, one.epoch]] : []));

describe('a run', () => {
  test('tells a step for each update, a validation before the first and after each epoch, and one test', async () => {
    const { events, steps, result, checkpoints } = await run(trial, { checkpointSteps: 10 });
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(steps[11]).toEqual({
      event: 'step',
      step: 11,
      epoch: 1,
      values: { learningRate: rate(11) },
      loss: expect.any(Number),
    });
    expect(looksOf(events)).toEqual([
      ['validation', 0, 0],
      ['validation', 10, 1],
      ['validation', 20, 2],
      ['validation', 30, 3],
      ['test', 30, 3],
    ]);
    expect([result.ended, result.reason, result.updates, result.testedStep]).toEqual(['completed', null, 30, 30]);
    expect(result.measured.test!['accuracy']).toBeGreaterThan(0.8);
    const mean = (from: number): number => steps.slice(from, from + 10).reduce((sum, { loss }) => sum + loss, 0) / 10;
    expect(result.measured.train!['loss']).toBeCloseTo(mean(20), 12);
    expect(result.curve.map(({ split, step }) => [split, step])).toEqual([
      ['validation', 0],
      ...[10, 20, 30].flatMap((step) => [
        ['train', step],
        ['validation', step],
      ]),
    ]);
    expect(result.curve[1]!.measured['loss']).toBeCloseTo(mean(0), 12);
    expect(checkpoints.map(({ state }) => state.step)).toEqual([10, 20, 30]);
  });

  test('does not depend on how many updates are handed over at once, nor on when checkpoints are taken', async () => {
    const one = await run(twice, { stretch: 1 });
    for (const host of [{}, { stretch: 100, checkpointSteps: 7 }, { stretch: 3, checkpointSteps: 1 }]) {
      const other = await run(twice, host);
      expect(other.events).toEqual(one.events);
      expect(other.weights).toEqual(one.weights);
    }
  });

  test.each([
    [4, [0, 4, 8, 12, 16, 20, 24, 28, 30]],
    ['50%', [0, 15, 30]],
    ['2ep', [0, 20, 30]],
    ['0.5ep', [0, 5, 10, 15, 20, 25, 30]],
  ])('validates every %s', async (validateEvery, expected) => {
    const { events } = await run({ ...trial, validateEvery });
    const looks = looksOf(events).filter((look) => String(look).startsWith('validation'));
    expect(looks.map((look) => (look as unknown[])[1])).toEqual(expected);
  });

  test('a budget of updates may end inside an epoch', async () => {
    const { steps, result, setup } = await run({ ...trial, budget: { updates: 13 } });
    expect([steps.length, result.updates, setup.totalSteps]).toEqual([13, 13, 13]);
    const rest = steps.slice(10).reduce((sum, { loss }) => sum + loss, 0) / 3;
    expect(result.measured.train!['loss']).toBeCloseTo(rest, 12);
  });

  test('accumulation makes one update of several batches: the mean gradient, each batch of an epoch once', async () => {
    const seen: Batch[] = [];
    const watched: SetupOptions = {
      task: () => ({
        ...digits,
        open: async (options) => {
          const source = await digits.open(options);
          return {
            ...source,
            batch: async (step, act) => {
              const batch = await source.batch(step, act);
              seen.push(batch);
              return batch;
            },
          };
        },
      }),
    };
    const small = await run({ ...trial, batchSize: 50, accumulate: 2, budget: { epochs: 1 } }, {}, watched);
    expect([small.setup.stepsPerEpoch, small.steps.length, seen.length]).toEqual([10, 10, 21]); // one is the example
    const labels = seen.slice(1).flatMap((batch) => [...(batch['labels']!.data as Int32Array)]);
    expect(labels).toHaveLength(1000);
    // The order of examples is that of one batch of 100: the same updates but for how sums are rounded.
    const large = await run({ ...trial, budget: { epochs: 1 } });
    large.steps.forEach(({ loss }, i) => expect(small.steps[i]!.loss).toBeCloseTo(loss, 5));
  });
});

describe('controllers are told', () => {
  test('the validations: falling, for one that wants them to rise, so it reduces after each', async () => {
    const { steps } = await run(controlled({ use: plateau({ monitor: 'val_loss', mode: 'max', patience: 0 }) }));
    expect(ratesOf(steps)).toEqual(epochsOf(0.5, 0.25, 0.125));
  });

  test('the loss of each update', async () => {
    const { steps } = await run(controlled({ use: plateau({ monitor: 'batchLoss', patience: 1 }) }));
    expect(ratesOf(steps)).toContain(0.25);
  });

  test('the mean loss of each epoch, once, also where no validation is due', async () => {
    // Nothing gains half: the first epoch is the best, and each later one halves the rate, which shows in the next.
    const of = controlled({ use: plateau({ patience: 0, threshold: 0.99 }) });
    for (const validateEvery of ['1ep', '100%', 3]) {
      const { steps, learner } = await run({ ...of, validateEvery });
      expect(ratesOf(steps)).toEqual(epochsOf(0.5, 0.5, 0.25));
      const state = learner.scheduler.state().controllers['learningRate/use'] as { readonly best: number };
      const first = steps.slice(0, 10).reduce((sum, { loss }) => sum + loss, 0) / 10;
      expect(state.best).toBeCloseTo(first, 12);
    }
  });

  test.each([
    ['validationLoss', 'batchLoss, loss, val_loss, val_accuracy'],
    ['rollback', 'batchLoss, loss, val_loss, val_accuracy'],
  ])('nothing of %s, which is refused', async (monitor, known) => {
    await expect(run(controlled({ p: plateau({ monitor }) }))).rejects.toThrow(
      `controller learningRate/p: monitor must be one of those that training reports (${known}); received "${monitor}"`,
    );
  });
});

describe('early stopping', () => {
  const still = under((step) => (step < 10 ? 0.5 : 0));

  test('ends a run in which nothing gets better, and takes the best weights unless it is told otherwise', async () => {
    const early = await run({ ...trial, patience: 1, budget: { epochs: 5 } }, {}, still);
    const { result } = early;
    expect([result.ended, result.updates, result.testedStep]).toEqual(['early', 20, 10]);
    expect(result.reason).toBe('val_loss has not improved in 1 validations');
    const last = await run({ ...trial, patience: 1, keep: 'last', budget: { epochs: 5 } }, {}, still);
    expect([last.result.ended, last.result.testedStep]).toEqual(['early', 20]);
  });

  test('keep: best takes the best weights of a run that was completed', async () => {
    const worse = under((step) => (step < 10 ? 0.5 : 1e4));
    const [best, last] = [await run({ ...trial, keep: 'best' }, {}, worse), await run(trial, {}, worse)];
    expect([best.result.ended, best.result.testedStep, last.result.testedStep]).toEqual(['completed', 10, 30]);
    expect(best.result.measured.test!['loss']).toBeLessThan(last.result.measured.test!['loss']!);
    expect(best.result.measured.validation).toEqual(
      best.result.curve.find(({ step, split }) => step === 10 && split === 'validation')!.measured,
    );
  });

  test('judges an evaluation after the plateau has acted on it', async () => {
    // Both hear validations that never improve by 90 %; the plateau acts on the second bad one, the third ends the run.
    const of = controlled(
      { p: plateau({ monitor: 'val_loss', patience: 1 }) },
      { type: 'piecewiseConstant', values: [0.5, 1e-12], boundaries: [10] },
    );
    const { steps, result } = await run({ ...of, patience: 3, budget: { epochs: 9 } });
    expect([result.ended, result.updates]).toEqual(['early', 40]);
    expect(ratesOf(steps).filter((_, i) => i % 10 === 0)).toEqual([0.5, 1e-12, 1e-12, 5e-13]);
  });

  test.each([
    [1, 0, false],
    [2, 0, true],
    [2, 1, false],
    [3, 1, true],
    [10, 10, false],
    [12, 10, true],
  ])('a patience of %i beside a plateau that bears %i is possible: %j', async (patience, bears, possible) => {
    const of = { ...controlled({ p: plateau({ monitor: 'val_loss', patience: bears }) }), patience };
    if (possible) await createSetup(of);
    else
      await expect(createSetup(of)).rejects.toThrow(
        /^patience must be larger than the validations .* learningRate\/p acts, or it would never be seen to act; received/,
      );
    // One that hears something else has nothing to do with it.
    await createSetup({ ...controlled({ p: plateau({ monitor: 'loss', patience: bears }) }), patience });
  });
});

describe('a run that ended', () => {
  test.each([1, 10, 13, 29])('by an abort after %i updates goes on bit for bit', async (cut) => {
    const whole = await run(twice, { checkpointSteps: 4 });
    const stop = new AbortController();
    const first: TrainingEvent[] = [];
    const { result, checkpoints } = await run(twice, {
      stretch: 1,
      checkpointSteps: 4,
      signal: stop.signal,
      events: (events) => {
        first.push(...events.filter(({ event }) => event !== 'timing'));
        if (events.some(({ event, step }) => event === 'step' && step + 1 === cut)) stop.abort();
      },
    });
    expect([result.ended, result.updates]).toEqual(['aborted', cut]);
    expect(checkpoints.at(-1)?.state.step).toBe(cut);
    const second = await run(twice, { resume: checkpoints.at(-1), checkpointSteps: 4 });
    expect([...first, ...second.events]).toEqual(whole.events);
    expect(second.weights).toEqual(whole.weights);
    expect(second.result).toEqual({ ...whole.result, stepSeconds: expect.any(Number) });
  });

  test('is not run again', async () => {
    const { checkpoints, result } = await run(trial);
    const again = await run(trial, { resume: checkpoints.at(-1) });
    expect(again.events).toEqual([]);
    expect(again.result).toEqual(result);
  });

  test('because the loss was not finite takes back the best weights', async () => {
    const { result, events } = await run(
      trial,
      {},
      under((step) => (step < 15 ? 0.5 : 1e308)),
    );
    expect([result.ended, result.testedStep]).toEqual(['diverged', 10]);
    expect(result.reason).toMatch(/the loss is/);
    expect(result.measured.test!['accuracy']).toBeGreaterThan(0.5);
    expect(result.updates).toBe(16); // the update at step 15 blew up, the loss at step 16 showed it
    expect(events.at(-2)).toMatchObject({ event: 'step', step: 15 });
    expect(events.at(-1)).toMatchObject({ event: 'evaluation', split: 'test', metrics: result.measured.test });
  });

  test('as pruned says after which validation, and is asked with its curve', async () => {
    const asked: number[] = [];
    const { result } = await run(trial, {
      prune: ({ curve }) => {
        asked.push(curve.filter(({ split }) => split === 'validation').length);
        return asked.length === 2;
      },
    });
    expect([result.ended, result.updates, result.measured.test]).toEqual(['pruned', 20, undefined]);
    expect(asked).toEqual([2, 3]);
  });
});

describe('rolling back', () => {
  const rolls: Trial = { ...trial, onDivergence: 'rollback' };
  /** The update at step 15 blows up unless its rate is lowered some times. */
  const wild = (rate: number): SetupOptions => under((step) => (step === 15 ? rate : 0.5));
  const backsOf = (events: readonly TrainingEvent[]) =>
    events.flatMap((one) => (one.event === 'rollback' ? [one] : []));

  test('goes back to the last validation, with half the rate each time, and stays lower', async () => {
    const { result, events, steps } = await run(rolls, {}, wild(7e307));
    const backs = backsOf(events);
    expect(backs.length).toBeGreaterThan(1);
    expect(backs.every(({ step, to }) => step === 16 && to === 10)).toBe(true);
    expect(backs.map(({ factor }) => factor)).toEqual(backs.map((_, i) => 0.5 ** (i + 1)));
    expect(result.ended).toBe('completed');
    const factor = 0.5 ** backs.length;
    const final = steps.slice(-20).map(({ step, values }) => [step, values.learningRate]);
    expect(final).toEqual(Array.from({ length: 20 }, (_, i) => [10 + i, (i === 5 ? 7e307 : 0.5) * factor]));
  });

  test('is the same when it is cut off after going back', async () => {
    const whole = await run(rolls, {}, wild(7e307));
    const stop = new AbortController();
    const first: TrainingEvent[] = [];
    const { checkpoints } = await run(
      rolls,
      {
        stretch: 1,
        signal: stop.signal,
        events: (events) => {
          first.push(...events.filter(({ event }) => event !== 'timing'));
          if (events.some(({ event }) => event === 'rollback')) stop.abort();
        },
      },
      wild(7e307),
    );
    const second = await run(rolls, { resume: checkpoints.at(-1) }, wild(7e307));
    expect([...first, ...second.events]).toEqual(whole.events);
    expect(second.weights).toEqual(whole.weights);
  });

  test('ends as diverged where lower rates do not help', async () => {
    const { result, events } = await run(
      rolls,
      {},
      under((step) => (step < 15 ? 0.5 : NaN)),
    );
    expect(backsOf(events).map(({ to }) => to)).toEqual(Array.from({ length: 8 }, () => 10));
    expect(result.reason).toMatch(/; so it was after each of 8 ways back$/);
    expect([result.ended, result.testedStep]).toEqual(['diverged', 10]);
  });
});

describe('going on from another trial', () => {
  const short: Trial = { ...trial, budget: { epochs: 2 } };
  const endOf = async (of: Trial, host: TrialHost = {}) => (await run(of, host)).checkpoints;

  test.each(['stretch', 'keep', 'rewarm'] as const)('%s leads over from the rate in force', async (onJump) => {
    const checkpoints = await endOf(short, { checkpointSteps: 5 });
    const parent = checkpoints.find(({ state }) => state.step === 15)!;
    const from = { trial: parent.state.id, step: 15, onJump, ...(onJump === 'rewarm' && { rewarmSteps: 5 }) };
    const more: Trial = { ...trial, budget: { epochs: 4 }, from };
    const { steps, result, events } = await run(more, {}, { parent });
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 25 }, (_, i) => 15 + i));
    const before = cosineDecay({ initValue: 0.5, decaySteps: 20 })(15);
    expect(steps[0]!.values.learningRate / before).toBeCloseTo(1, 9);
    const long = cosineDecay({ initValue: 0.5, decaySteps: 40 });
    const later = { stretch: undefined, keep: (before / long(15)) * long(30), rewarm: long(30) }[onJump];
    if (later !== undefined) expect(steps[15]!.values.learningRate / later).toBeCloseTo(1, 9);
    expect(result.updates).toBe(40);
    expect(looksOf(events)[0]).toEqual(['validation', 20, 2]);
  });

  test('a jump is refused unless the trial says how to meet it, and nothing to do is refused', async () => {
    const [parent] = (await endOf(short, { checkpointSteps: 15 })) as [Checkpoint];
    const from = { trial: parent.state.id, step: 15 };
    await expect(createSetup({ ...trial, budget: { epochs: 4 }, from }, { parent })).rejects.toThrow('would jump from');
    await expect(createSetup({ ...trial, budget: { updates: 15 }, from }, { parent })).rejects.toThrow(
      'the budget must be more than the 15 updates that the checkpoint has made; received 15',
    );
    await expect(createSetup({ ...trial, from: { ...from, step: 14 } }, { parent })).rejects.toThrow('from must be');
    await expect(createSetup({ ...trial, from })).rejects.toThrow('is not here');
  });

  test('a cool-down anneals a copy to 0 from the rate in force, and is the same when it is cut off', async () => {
    const trunk = await run(trial, { checkpointSteps: 15 });
    const parent = trunk.checkpoints[0]!;
    const branch: Trial = {
      ...trial,
      label: 'branch',
      budget: { updates: 25 },
      from: { trial: parent.state.id, step: 15, cooldown: 10 },
    };
    const whole = await run(branch, {}, { parent });
    const rates = ratesOf(whole.steps);
    expect(rates).toEqual(Array.from({ length: 10 }, (_, i) => expect.closeTo(rate(15) * (1 - i / 10), 12)));
    const stop = new AbortController();
    const first = await run(
      branch,
      { stretch: 1, signal: AbortSignal.any([stop.signal]), pause: async () => stop.abort() },
      { parent },
    );
    expect(first.result.updates).toBe(16);
    const second = await run(branch, { resume: first.checkpoints.at(-1) }, { parent });
    expect([...first.events, ...second.events]).toEqual(whole.events);
    expect(second.weights).toEqual(whole.weights);
  });
});

test('the schedule is read by the parser that is given', async () => {
  const parse = createParser([cosineDecay]);
  await expect(createSetup(controlled({ p: plateau({}) }), { parse })).rejects.toThrow('known: cosineDecay');
  const { plan } = await createSetup(trial, { parse });
  expect((plan.learningRate as typeof rate)(7)).toBe(rate(7));
});

describe('a checkpoint', () => {
  test('of another trial is refused', async () => {
    const { checkpoints } = await run(trial);
    await expect(run({ ...trial, label: 'control' }, { resume: checkpoints[0] })).rejects.toThrow(
      'the checkpoint belongs to another trial: its identity is ',
    );
  });

  test.each([0, 7, 100])('cut to %i bytes is refused', async (length) => {
    const { checkpoints } = await run(trial);
    const file = encodeCheckpoint(checkpoints[0]!);
    expect(() => decodeCheckpoint(file.subarray(0, length))).toThrow(LabError);
    expect(() => decodeCheckpoint(file.subarray(0, file.length - 1))).toThrow('damaged');
  });
});
