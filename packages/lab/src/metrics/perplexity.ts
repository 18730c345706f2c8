import { crossEntropy } from './crossEntropy.ts';
import type { ClassifierOptions } from './logitRows.ts';
import type { MeanState } from './mean.ts';
import type { Metric } from './metric.ts';

/** exp of the mean cross entropy: how many equally likely tokens the model is in doubt between. 1 is certainty. */
export function perplexity(options: ClassifierOptions = {}): Metric<MeanState> {
  const base = crossEntropy(options);
  return { ...base, name: 'perplexity', unit: 'number', value: (state) => Math.exp(base.value(state)) };
}
