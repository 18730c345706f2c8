import { bestSoFar, type Metrics, type RestoreOptions } from '@anneal/core';
import { checkOptions, factor, flag, integer, type OptionTable, type Rule } from '@anneal/core/options';
import { argumentError } from './argumentError.ts';
import type { Batch } from './batch.ts';
import type { RunOptions, RunResult, WeightsChoice } from './trainer.ts';
import { TrainerError } from './trainerError.ts';

type Batches = Iterable<Batch> | AsyncIterable<Batch>;

/** What is asked of a trainer: one in this thread has it, and one in a worker. */
export interface EpochTrainer {
  run(batches: Batches, options?: RunOptions): Promise<RunResult>;
  evaluate(batch: Batch, options?: WeightsChoice): Promise<{ readonly loss: number }>;
  save(): Promise<Uint8Array>;
  load(bytes: Uint8Array, options?: RestoreOptions): Promise<void>;
  readonly scheduler: { report(metrics: Metrics): void | Promise<void> };
}

export interface EpochsOptions extends Pick<RunOptions, 'signal' | 'stepsPerCall' | 'onStep'>, WeightsChoice {
  /** Epochs to train, an integer >= 1. */
  readonly epochs: number;
  /** The batches of an epoch, the first being 0: drawn in another order for each, if you like. */
  readonly batches: (epoch: number) => Batches;
  /** Batches that are not trained on, looked at after each epoch; `val_loss` is their mean over all examples. */
  readonly validation?: readonly Batch[];
  /** So many epochs in a row without a better loss end the training; default never. */
  readonly patience?: number;
  /** The least fall of the loss that counts as better; default 0. */
  readonly threshold?: number;
  /** Whether the trainer goes back to its state after the best epoch when the training has ended; default true. */
  readonly restore?: boolean;
  /** Is told of each epoch, after the plan's controllers; what it returns is waited for. */
  readonly onEpoch?: (event: EpochEvent) => void | Promise<void>;
}

/** One epoch, as it is told to `onEpoch`. */
export interface EpochEvent {
  /** The first is 0. */
  readonly epoch: number;
  /** Updates made in this training, those of this epoch included. */
  readonly updates: number;
  /** The mean loss of its updates. */
  readonly loss: number;
  /** The mean loss over the examples of the validation batches; absent without them. */
  readonly val_loss?: number;
  /** Whether it is the best so far. */
  readonly improved: boolean;
}

export interface EpochsResult {
  /** Every whole epoch. */
  readonly epochs: readonly EpochEvent[];
  /** The epoch with the lowest `val_loss`, without validation batches the lowest `loss`; null where there is none. */
  readonly best: EpochEvent | null;
  /** "early": patience was at its end. The others as in a run. */
  readonly stopped: RunResult['stopped'] | 'early';
  /** The same as a sentence; null when all epochs were made. */
  readonly reason: string | null;
}

const given: Rule = { rule: 'what it is', read: (value) => value };
const table = {
  epochs: integer,
  batches: {
    rule: 'a function of the epoch that gives its batches anew',
    read: (value: unknown) => (typeof value === 'function' ? value : undefined),
  },
  validation: [
    {
      rule: 'an array of at least one batch',
      read: (value: unknown) => (Array.isArray(value) && value.length > 0 ? (value as readonly Batch[]) : undefined),
    },
    undefined,
  ],
  patience: [integer, undefined],
  threshold: [factor, 0],
  restore: [flag, true],
  // What these may be, the run itself says.
  weights: [given, undefined],
  signal: [given, undefined],
  stepsPerCall: [given, undefined],
  onStep: [given, undefined],
  onEpoch: [given, undefined],
} as const satisfies OptionTable<EpochsOptions>;

/**
 * Trains for epochs: after each it tells the plan's controllers `loss` and `val_loss`, keeps the trainer's state if it is the best so far, and
 * stops when patience is at its end.
 *
 * When the training has ended, the trainer goes back to its best state: weights, optimizer and schedule, so that it may go on from there.
 * After an abort it stays where it is.
 *
 * @throws TrainerError for a wrong option; what `run` and `evaluate` throw.
 * @example
 * const { best } = await runEpochs(trainer, { epochs: 50, batches: () => batches, validation, patience: 5 });
 */
export async function runEpochs(trainer: EpochTrainer, options: EpochsOptions): Promise<EpochsResult> {
  const checked = checkOptions('runEpochs', table, options, argumentError);
  const { epochs: count, validation, patience, threshold, restore } = checked;
  const { batches, signal, stepsPerCall, onStep, onEpoch, weights } = options;
  const judge = bestSoFar({ threshold, ...(patience !== undefined && { patience }) });
  const run: RunOptions = {
    reports: validation === undefined ? ['loss'] : ['loss', 'val_loss'],
    ...(signal && { signal }),
    ...(stepsPerCall !== undefined && { stepsPerCall }),
    ...(onStep && { onStep }),
  };

  const epochs: EpochEvent[] = [];
  let state = judge.init();
  let kept: Uint8Array | undefined;
  let updates = 0;
  let end: Pick<EpochsResult, 'stopped' | 'reason'> = { stopped: null, reason: null };
  for (let epoch = 0; epoch < count && end.stopped === null; epoch++) {
    const { losses, stopped, reason } = await trainer.run(batches(epoch), run);
    updates += losses.length;
    if (stopped === null && losses.length === 0)
      throw new TrainerError(
        'argument',
        'batches',
        `epoch ${epoch} has none; a generator that has ended gives no more`,
      );
    if (stopped !== null) {
      end = { stopped, reason };
      break;
    }
    const loss = losses.reduce((sum, one) => sum + one, 0) / losses.length;
    const metrics =
      validation === undefined ? { loss } : { loss, val_loss: await meanLoss(trainer, validation, weights) };
    await trainer.scheduler.report(metrics);
    state = judge.observe(state, metrics.val_loss ?? loss);
    if (state.improved && restore) kept = await trainer.save();
    const event = { epoch, updates, ...metrics, improved: state.improved };
    epochs.push(event);
    await onEpoch?.(event);
    if (state.stop) {
      const what = validation === undefined ? 'loss' : 'val_loss';
      end = {
        stopped: 'early',
        reason: `${what} has not improved for ${state.waited} epochs; the best was ${state.best}`,
      };
    }
  }
  // A bare function in the plan cannot be compared; the plan is the one of this trainer.
  if (kept !== undefined && end.stopped !== 'aborted') await trainer.load(kept, { onPlanChange: 'takeNew' });
  return { epochs, best: state.bestReport === null ? null : epochs[state.bestReport]!, ...end };
}

/** The mean over all examples, which the first axis of a batch counts: whatever the batches, the same number. */
async function meanLoss(
  trainer: EpochTrainer,
  batches: readonly Batch[],
  weights: WeightsChoice['weights'],
): Promise<number> {
  let sum = 0;
  let examples = 0;
  for (const batch of batches) {
    const { loss } = await trainer.evaluate(batch, weights && { weights });
    const size = Object.values(batch)[0]?.dims[0] ?? 1;
    sum += size * loss;
    examples += size;
  }
  return sum / examples;
}
