import type { Metric } from './metric.ts';
import { emptyMean, meanOf, plus, type MeanState } from './mean.ts';
import { visitLogitRows, type ClassifierOptions } from './logitRows.ts';

/**
 * Mean of −log softmax(logits) at the label, in nats: ln Σ exp(z − max z) + max z − z[label]. What `softmaxCrossEntropy`
 * of @anneal/onnx computes as a loss, here in float64.
 */
export function crossEntropy(options: ClassifierOptions = {}): Metric<MeanState> {
  return {
    name: 'crossEntropy',
    goal: 'min',
    unit: 'nats',
    init: emptyMean,
    add: (state, outputs, batch) => {
      let sum = 0;
      let count = 0;
      visitLogitRows('crossEntropy', options, outputs, batch, (data, from, until, label) => {
        let top = data[from]!;
        for (let at = from; at < until; at += 1) if (data[at]! > top) top = data[at]!;
        let total = 0;
        for (let at = from; at < until; at += 1) total += Math.exp(data[at]! - top);
        sum += Math.log(total) + top - data[from + label]!;
        count += 1;
      });
      return plus(state, sum, count);
    },
    value: meanOf,
  };
}
