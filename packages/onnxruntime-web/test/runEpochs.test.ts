import { createScheduler, linear, reduceOnPlateau, type Plan } from '@anneal/core';
import { adam, sgd, softmaxCrossEntropy } from '@anneal/onnx';
import { describe, expect, test } from 'vitest';
import {
  createTrainer,
  runEpochs,
  type Batch,
  type EpochEvent,
  type EpochsOptions,
  type Trainer,
  type TrainerOptions,
} from '../src/index.ts';
import { batches, mlp } from './mlp.ts';
import { ort } from './ort.ts';

const perEpoch = 6;
const data = batches(perEpoch, 16, 8, 4);
const validation = batches(3, 16, 8, 4, 7);

const make = (plan: TrainerOptions['plan'], more: Partial<TrainerOptions> = {}): Promise<Trainer> =>
  createTrainer(ort, mlp([8, 16, 4]), {
    loss: softmaxCrossEntropy(),
    optimizer: sgd(),
    plan,
    batch: data[0]!,
    ...more,
  });
const train = (trainer: Trainer, options: Partial<EpochsOptions> = {}) =>
  runEpochs(trainer, { epochs: 8, batches: () => data, validation, ...options });
const weights = (trainer: Trainer): number[][] => trainer.parameters.map((name) => [...trainer.parameter(name)]);

/** Learns for two epochs, then is thrown about by a rate far too large, though nothing overflows. */
const spoilt = (step: number): number => (step < 2 * perEpoch ? 0.3 : 60);

describe('the best weights', () => {
  test.each([
    ['a schedule with a JSON form', linear({ initValue: 0.5, endValue: 0.1, decaySteps: 40 })],
    ['a bare function', spoilt],
  ])('are kept and come back with optimizer and step: %s', async (_, plan) => {
    const trainer = await make(plan, { optimizer: adam() });
    const { best, epochs, stopped } = await train(trainer);
    expect([stopped, epochs.length]).toEqual([null, 8]);
    expect(best!.val_loss).toBe(Math.min(...epochs.map(({ val_loss }) => val_loss!)));
    expect(trainer.scheduler.step).toBe(best!.updates);

    const until = await make(plan, { optimizer: adam() });
    for (let epoch = 0; epoch <= best!.epoch; epoch++) await until.run(data);
    expect(weights(trainer)).toEqual(weights(until));
    // It may go on from there.
    expect((await trainer.run(data)).losses).toEqual((await until.run(data)).losses);
  });

  test('stay behind where they are not asked for', async () => {
    const trainer = await make(spoilt);
    const { best } = await train(trainer, { restore: false, epochs: 4 });
    expect([best!.epoch, trainer.scheduler.step]).toEqual([1, 4 * perEpoch]);
  });

  test('are those of the training loss where there is nothing to validate with', async () => {
    const trainer = await make(spoilt);
    const { best, epochs } = await runEpochs(trainer, { epochs: 5, batches: () => data });
    expect(best!.loss).toBe(Math.min(...epochs.map(({ loss }) => loss)));
    expect(best).not.toHaveProperty('val_loss');
  });
});

describe('the training ends', () => {
  test('early, when patience epochs in a row were no better', async () => {
    const trainer = await make(spoilt);
    const { stopped, reason, epochs, best } = await train(trainer, { patience: 3 });
    expect([stopped, best!.epoch, epochs.length]).toEqual(['early', 1, 5]);
    expect(reason).toBe(`val_loss has not improved for 3 epochs; the best was ${best!.val_loss}`);
    expect(trainer.scheduler.step).toBe(2 * perEpoch);
  });

  test('early as well for a fall within the threshold', async () => {
    const { stopped, epochs } = await train(await make(0.01), { patience: 2, threshold: 10 });
    expect([stopped, epochs.length, epochs.map(({ improved }) => improved)]).toEqual([
      'early',
      3,
      [true, false, false],
    ]);
  });

  test('where the loss is not finite, with the best weights', async () => {
    const trainer = await make((step) => (step < 10 ? 0.3 : 1e38));
    const { stopped, reason, epochs } = await train(trainer);
    expect([stopped, epochs.length, trainer.scheduler.step]).toEqual(['diverged', 1, perEpoch]);
    expect(reason).toContain('the weights are those of step');
  });

  test('on an abort, and stays where it is', async () => {
    const trainer = await make(0.1);
    const signal = { aborted: false };
    const { stopped, epochs } = await train(trainer, {
      signal,
      stepsPerCall: 1,
      onStep: ({ step }) => void (signal.aborted = step === 2 * perEpoch + 3),
    });
    expect([stopped, epochs.length]).toEqual(['aborted', 2]);
    expect(trainer.scheduler.step).toBe(2 * perEpoch + 4);
  });
});

describe('what is told', () => {
  test('val_loss is the mean over the examples, however they are cut into batches', async () => {
    const cut = (batch: Batch, from: number, to: number): Batch =>
      Object.fromEntries(
        Object.entries(batch).map(([name, { data: all, dims }]) => {
          const width = all.length / dims[0]!;
          return [name, { data: all.slice(from * width, to * width), dims: [to - from, ...dims.slice(1)] }];
        }),
      );
    const uneven = validation.flatMap((batch) => [cut(batch, 0, 11), cut(batch, 11, 16)]);
    const whole = await train(await make(0.1), { epochs: 1 });
    const cutUp = await train(await make(0.1), { epochs: 1, validation: uneven });
    expect(cutUp.epochs[0]!.val_loss).toBeCloseTo(whole.epochs[0]!.val_loss!, 6);
  });

  test.each(['loss', 'val_loss'] as const)(
    'a plateau of %s hears one report an epoch, before onEpoch',
    async (monitor) => {
      // What PyTorch's ReduceLROnPlateau becomes: the losses of single batches rise and fall, those of epochs fall.
      const plan: Plan = {
        learningRate: {
          schedule: 0.2,
          controllers: {
            plateau: {
              use: reduceOnPlateau({ monitor, patience: 2, thresholdMode: 'signedRelative', minChange: 1e-8 }),
            },
          },
        },
      };
      const trainer = await make(plan);
      const told: EpochEvent[] = [];
      const alone = createScheduler(plan);
      const { epochs } = await train(trainer, {
        restore: false,
        onEpoch: async (event) => {
          told.push(event);
          alone.advance(perEpoch);
          alone.report({ [monitor]: event[monitor]! });
          expect(trainer.scheduler.state()).toEqual(alone.state());
        },
      });
      expect(told).toEqual(epochs);
      expect(trainer.scheduler.values().learningRate).toBe(0.2);
      // Without validation there is no val_loss to wait for.
      const without = runEpochs(await make(plan), { epochs: 1, batches: () => data });
      if (monitor === 'val_loss')
        await expect(without).rejects.toThrow('the controller learningRate/plateau reads "val_loss"');
      else await without;
    },
  );
});

test('a wrong option is one sentence', async () => {
  const trainer = await make(0.1);
  const generator = (function* () {
    yield* data;
  })();
  for (const [options, sentence] of [
    [{ epochs: 0 }, 'epochs: it must be an integer >= 1; received 0'],
    [{ batches: data }, 'batches: it must be a function of the epoch that gives its batches anew; received '],
    [{ batches: () => generator }, 'batches: epoch 1 has none; a generator that has ended gives no more'],
    [{ validation: [] }, 'validation: it must be an array of at least one batch; received '],
    [{ patience: 0 }, 'patience: it must be an integer >= 1; received 0'],
    [{ validate: [] }, 'runEpochs: unknown option "validate", write validation; known: '],
  ] as const) {
    await expect(train(trainer, options as never), sentence).rejects.toThrow(sentence);
  }
});
