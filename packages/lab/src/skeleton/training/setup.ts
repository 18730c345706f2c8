import type { Horizon } from '@anneal/core';
import { gather, sizeOf, type Batch } from '../data/batch.ts';
import { LabError } from '../../labError.ts';
import { optimizerNamed, type OptimizerName } from '../optimizers/optimizer.ts';
import { generator } from '../../random/generator.ts';
import { permutation } from '../../random/permutation.ts';
import type { Splits, Task } from '../tasks/task.ts';

export interface SetupOptions {
  readonly task: Task;
  /** Draws the initial weights and the order of the batches; default 1. */
  readonly seed?: number;
  /** Passes over the training examples; default the task's. */
  readonly epochs?: number;
  /** Examples in a batch; default the task's. */
  readonly batchSize?: number;
  /** Default the task's. */
  readonly optimizer?: OptimizerName;
}

/** Everything about a run that is the same on every backend and under every schedule. */
export interface Setup {
  readonly task: Task;
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly optimizer: OptimizerName;
  readonly splits: Splits;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** What `parsePlan` needs to resolve `"10%"` and `"5ep"`. */
  readonly horizon: Horizon & { readonly totalSteps: number; readonly stepsPerEpoch: number };
  /** Weights before training, in the order of the model's parameters; a fresh copy at each call. */
  initialWeights(): Float32Array[];
  /** The batch of one step, any step in any order. */
  batch(step: number): Batch;
}

/**
 * Fixes a run: which batches at which step, from which weights.
 *
 * Each epoch goes through the training examples in an order of its own; what does not fill a batch is left out of that
 * epoch. Throws a {@link LabError} for an unknown optimizer, or where epochs or batch size are not integers >= 1, the
 * batch is larger than the data, or the seed is not an integer of 32 bits.
 */
export function createSetup(options: SetupOptions): Setup {
  const { task, seed = 1, epochs = task.defaults.epochs, batchSize = task.defaults.batchSize } = options;
  const optimizer = optimizerNamed(options.optimizer ?? task.defaults.optimizer);
  const splits = task.splits();
  const examples = sizeOf(splits.train);
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) refuse('seed', 'an integer from 0 to 4294967295', seed);
  if (!Number.isInteger(epochs) || epochs < 1) refuse('epochs', 'an integer >= 1', epochs);
  if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > examples)
    refuse('batchSize', `an integer from 1 to the ${examples} training examples`, batchSize);

  const stepsPerEpoch = Math.floor(examples / batchSize);
  const totalSteps = stepsPerEpoch * epochs;
  let epochAtHand = -1;
  let order = new Uint32Array();
  return {
    task,
    seed,
    epochs,
    batchSize,
    optimizer,
    splits,
    stepsPerEpoch,
    totalSteps,
    horizon: { totalSteps, stepsPerEpoch },
    initialWeights: () => task.model.initialize(seed),
    batch: (step) => {
      const epoch = Math.floor(step / stepsPerEpoch);
      if (epoch !== epochAtHand) {
        order = permutation(examples, generator(seed, 'order', epoch)) as Uint32Array<ArrayBuffer>;
        epochAtHand = epoch;
      }
      const from = (step - epoch * stepsPerEpoch) * batchSize;
      return gather(splits.train, order.subarray(from, from + batchSize));
    },
  };
}

function refuse(name: string, rule: string, received: unknown): never {
  throw new LabError('invalid', `${name} must be ${rule}; received ${String(received)}`);
}
