import { check, checkKeys, choice, count, integer, mustBe, properFraction } from '@anneal/core/options';

/** What `accumulateGradients` was told. */
interface Accumulation {
  /** Batches for an update; default 1. */
  readonly microBatches?: number;
  /** Whether the batches left over at the end make an update; default update. */
  readonly leftover?: 'update' | 'drop';
}

/** What else `fit` and `fitDataset` are given; it does not change their length. */
type Passed = { readonly [K in (typeof passed)[number]]?: unknown };
const passed = ['verbose', 'callbacks', 'shuffle', 'classWeight', 'sampleWeight', 'yieldEvery'] as const;

/** The arguments of `fit`, with the number of samples that it is given. */
export interface FitLength extends Accumulation, Passed {
  readonly samples: number;
  readonly epochs: number;
  /** Default 32, as in `fit`. */
  readonly batchSize?: number;
  /** The share of the samples that `fit` holds back; default 0. */
  readonly validationSplit?: number;
  /** Where it is given, `fit` holds no share back. */
  readonly validationData?: unknown;
  /** Default 0. */
  readonly initialEpoch?: number;
}

/** The arguments of `fitDataset`. */
export interface FitDatasetLength extends Accumulation, Passed {
  /** Of `fitDataset`; else the dataset's `size`. A generator has none: its length must be known from elsewhere. */
  readonly batchesPerEpoch: number;
  readonly epochs: number;
  readonly validationData?: unknown;
  readonly validationBatches?: number;
  readonly validationBatchSize?: number;
  /** Default 0. */
  readonly initialEpoch?: number;
}

const ofBoth = ['epochs', 'initialEpoch', 'microBatches', 'leftover', 'validationData', ...passed];
const ofFit = ['samples', 'batchSize', 'validationSplit', ...ofBoth];
const ofDataset = ['batchesPerEpoch', 'validationBatches', 'validationBatchSize', ...ofBoth];

/**
 * The number of updates that a call of `fit` or `fitDataset` makes: the `totalSteps` of a schedule's horizon.
 *
 * With b = ⌈⌊samples·(1 − validationSplit)⌋ / batchSize⌉ or `batchesPerEpoch`, that is ⌈b·(epochs − initialEpoch) /
 * microBatches⌉, rounded down where what is left over is dropped. `epochs` is the index at which training ends, as in tfjs.
 *
 * Takes the arguments of `fit` as they are, and throws a `ScheduleError` for any other.
 *
 * @example
 * totalSteps({ samples: 1000, batchSize: 64, epochs: 10, validationSplit: 0.2 }); // 130
 * totalSteps({ samples: 1000, batchSize: 16, epochs: 10, microBatches: 4 }); // 158
 */
export function totalSteps(length: FitLength | FitDatasetLength): number {
  const subject = 'totalSteps';
  const { batches, microBatches } = readEpoch(subject, length);
  const { epochs, initialEpoch = 0, leftover = 'update' } = length;
  check(subject, 'epochs', integer, epochs);
  check(subject, 'leftover', choice('update', 'drop'), leftover);
  check(subject, 'initialEpoch', count, initialEpoch);
  if (initialEpoch > epochs) mustBe(subject, 'initialEpoch', `at most epochs, which are ${epochs}`, initialEpoch);
  return updatesIn(batches * (epochs - initialEpoch), microBatches, leftover);
}

/** The updates that some batches make. */
export function updatesIn(batches: number, microBatches: number, leftover: 'update' | 'drop'): number {
  return Math[leftover === 'drop' ? 'floor' : 'ceil'](batches / microBatches);
}

/**
 * The number of updates in an epoch: what `"5ep"` in a plan is multiplied by. With `microBatches` it need not be whole,
 * since batches are gathered across epochs.
 */
export function stepsPerEpoch(length: Omit<FitLength, 'epochs'> | Omit<FitDatasetLength, 'epochs'>): number {
  const { batches, microBatches } = readEpoch('stepsPerEpoch', length);
  return batches / microBatches;
}

function readEpoch(
  subject: string,
  length: Omit<FitLength, 'epochs'> | Omit<FitDatasetLength, 'epochs'>,
): { readonly batches: number; readonly microBatches: number } {
  const isDataset = 'batchesPerEpoch' in Object(length);
  checkKeys(subject, isDataset ? ofDataset : ofFit, length ?? null);
  const { microBatches = 1 } = length;
  check(subject, 'microBatches', integer, microBatches);
  if (isDataset) {
    const { batchesPerEpoch } = length as FitDatasetLength;
    return { batches: check(subject, 'batchesPerEpoch', integer, batchesPerEpoch), microBatches };
  }
  const { samples, batchSize = 32, validationSplit = 0, validationData } = length as FitLength;
  check(subject, 'samples', integer, samples);
  check(subject, 'batchSize', integer, batchSize);
  check(subject, 'validationSplit', properFraction, validationSplit);
  const trained = validationData ? samples : Math.floor(samples * (1 - validationSplit));
  if (trained === 0)
    mustBe(subject, 'validationSplit', `small enough to leave one of ${samples} samples`, validationSplit);
  return { batches: Math.ceil(trained / batchSize), microBatches };
}
