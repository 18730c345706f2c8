import { LabError } from '../labError.ts';
import { emptyMean, meanOf, plus, type MeanState } from './mean.ts';
import type { Metric } from './metric.ts';

export interface BinaryAccuracyOptions {
  /** The output with log-odds; default "logits". */
  readonly logits?: string;
  /** The tensor of the batch with shares in [0, 1], of the logits' shape; default "labels". */
  readonly labels?: string;
}

/** Share of the log-odds that lie on the side of 0 on which their label lies of 1/2. NaN is never right. */
export function binaryAccuracy(options: BinaryAccuracyOptions = {}): Metric<MeanState> {
  const { logits = 'logits', labels = 'labels' } = options;
  return {
    name: 'binaryAccuracy',
    goal: 'max',
    unit: 'share',
    init: emptyMean,
    add: (state, outputs, batch) => {
      const [found, wanted] = [outputs[logits], batch[labels]];
      if (found === undefined || wanted === undefined || found.data.length !== wanted.data.length) {
        const rule = `the output ${logits} and the batch's ${labels} must be there and of one size`;
        throw new LabError(
          'invalid',
          `binaryAccuracy: ${rule}; received ${found?.dims.join('×')} and ${wanted?.dims.join('×')}`,
        );
      }
      let right = 0;
      for (let i = 0; i < found.data.length; i += 1) {
        const odds = Number(found.data[i]);
        if (!Number.isNaN(odds) && odds >= 0 === Number(wanted.data[i]) >= 0.5) right += 1;
      }
      return plus(state, right, found.data.length);
    },
    value: meanOf,
  };
}
