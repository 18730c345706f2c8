import { refuse } from '../refuse.ts';

/** The arguments of `fit`, with the number of samples that it is given. */
export interface FitLength {
  readonly samples: number;
  readonly epochs: number;
  /** Default 32, as in `fit`. */
  readonly batchSize?: number;
  /** The share of the samples that `fit` holds back; default 0. */
  readonly validationSplit?: number;
  /** Default 0. */
  readonly initialEpoch?: number;
}

/** The arguments of `fitDataset`. */
export interface FitDatasetLength {
  /** Of `fitDataset`; else the dataset's `size`. A generator has none: its length must be known from elsewhere. */
  readonly batchesPerEpoch: number;
  readonly epochs: number;
  /** Default 0. */
  readonly initialEpoch?: number;
}

/**
 * The number of updates that a call of `fit` or `fitDataset` makes: the `totalSteps` of a schedule's horizon.
 *
 * ⌈⌊samples·(1 − validationSplit)⌋ / batchSize⌉·(epochs − initialEpoch), or batchesPerEpoch·(epochs − initialEpoch).
 * `epochs` is the index at which training ends, as in tfjs.
 *
 * @example
 * totalSteps({ samples: 1000, batchSize: 64, epochs: 10, validationSplit: 0.2 }); // 130
 */
export function totalSteps(length: FitLength | FitDatasetLength): number {
  const { epochs, initialEpoch = 0 } = length;
  check('epochs', epochs, epochs >= 1);
  check('initialEpoch', initialEpoch, initialEpoch >= 0 && initialEpoch <= epochs);
  return stepsPerEpoch(length) * (epochs - initialEpoch);
}

/** The number of updates in an epoch: what `"5ep"` in a plan is multiplied by. */
export function stepsPerEpoch(length: Omit<FitLength, 'epochs'> | Omit<FitDatasetLength, 'epochs'>): number {
  if ('batchesPerEpoch' in length) {
    check('batchesPerEpoch', length.batchesPerEpoch, length.batchesPerEpoch >= 1);
    return length.batchesPerEpoch;
  }
  const { samples, batchSize = 32, validationSplit = 0 } = length;
  check('samples', samples, samples >= 1);
  check('batchSize', batchSize, batchSize >= 1);
  if (!(validationSplit >= 0 && validationSplit < 1))
    refuse(
      'invalid',
      '/validationSplit',
      `totalSteps: validationSplit must be a number >= 0 and < 1; received ${validationSplit}`,
      validationSplit,
    );
  return Math.ceil(Math.floor(samples * (1 - validationSplit)) / batchSize);
}

function check(name: string, value: number, inRange: boolean): void {
  if (!(Number.isInteger(value) && inRange))
    refuse('invalid', `/${name}`, `totalSteps: ${name} must be an integer in its range; received ${value}`, value);
}
