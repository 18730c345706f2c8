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
      visitLogitRows('crossEntropy', options, outputs, batch, (row, label) => {
        let top = row[0]!;
        for (const logit of row) if (logit > top) top = logit;
        let total = 0;
        for (const logit of row) total += Math.exp(logit - top);
        sum += Math.log(total) + top - row[label]!;
        count += 1;
      });
      return plus(state, sum, count);
    },
    value: meanOf,
  };
}
