import { LabError } from '../labError.ts';
import { emptyMean, meanOf, plus, type MeanState } from './mean.ts';
import type { Metric } from './metric.ts';

export interface MeanSquaredErrorOptions {
  /** The output that predicts; default "prediction". */
  readonly prediction?: string;
  /** The tensor of the batch that it should equal; default "target". */
  readonly target?: string;
}

/** Mean of (prediction − target)² over every number of the batches. */
export function meanSquaredError(options: MeanSquaredErrorOptions = {}): Metric<MeanState> {
  const { prediction = 'prediction', target = 'target' } = options;
  return {
    name: 'meanSquaredError',
    goal: 'min',
    unit: 'number',
    init: emptyMean,
    add: (state, outputs, batch) => {
      const [found, wanted] = [outputs[prediction], batch[target]];
      if (found === undefined || wanted === undefined || found.data.length !== wanted.data.length) {
        const rule = `the output ${prediction} and the batch's ${target} must be there and of one size`;
        throw new LabError(
          'invalid',
          `meanSquaredError: ${rule}; received ${found?.dims.join('×')} and ${wanted?.dims.join('×')}`,
        );
      }
      let sum = 0;
      for (let i = 0; i < found.data.length; i += 1) sum += (Number(found.data[i]) - Number(wanted.data[i])) ** 2;
      return plus(state, sum, found.data.length);
    },
    value: meanOf,
  };
}
