import type { Metric } from './metric.ts';
import { emptyMean, meanOf, plus, type MeanState } from './mean.ts';
import { visitLogitRows, type ClassifierOptions } from './logitRows.ts';

/**
 * Share of the positions whose largest logit is the right one; among equal logits the first is taken. A row with a NaN is
 * never right.
 */
export function accuracy(options: ClassifierOptions = {}): Metric<MeanState> {
  return {
    name: 'accuracy',
    goal: 'max',
    unit: 'share',
    init: emptyMean,
    add: (state, outputs, batch) => {
      let right = 0;
      let count = 0;
      visitLogitRows('accuracy', options, outputs, batch, (data, from, until, label) => {
        let top = from;
        let bad = false;
        for (let at = from; at < until; at += 1) {
          if (data[at]! > data[top]!) top = at;
          bad ||= Number.isNaN(data[at]!);
        }
        if (top - from === label && !bad) right += 1;
        count += 1;
      });
      return plus(state, right, count);
    },
    value: meanOf,
  };
}
