import type { Dataset } from '../data/batch.ts';
import type { Learner } from '../learners/learner.ts';

/** How a model does on a set of examples. */
export interface Evaluation {
  /** Mean softmax cross entropy, in nats; NaN where a logit is. */
  readonly loss: number;
  /** Share of examples whose largest logit is the right one. */
  readonly accuracy: number;
}

/** Evaluates a learner on a dataset. The metrics are computed here in float64, so backends differ by their logits alone. */
export async function evaluate(learner: Pick<Learner, 'predict'>, data: Dataset): Promise<Evaluation> {
  return score(await learner.predict(data.inputs), data);
}

/** Loss and accuracy of logits, one row for each example. */
export function score(logits: Float32Array, { labels }: Pick<Dataset, 'labels'>): Evaluation {
  const count = labels.data.length;
  const classes = logits.length / count;
  let loss = 0;
  let right = 0;
  for (let i = 0; i < count; i += 1) {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    const label = labels.data[i]!;
    let top = 0;
    for (let c = 1; c < classes; c += 1) if (row[c]! > row[top]!) top = c;
    let sum = 0;
    for (const logit of row) sum += Math.exp(logit - row[top]!);
    loss += Math.log(sum) + row[top]! - row[label]!;
    if (top === label) right += 1;
  }
  return { loss: loss / count, accuracy: right / count };
}
