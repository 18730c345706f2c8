import type { Batch } from '../data/tensor.ts';
import { LabError } from '../labError.ts';

/** Where a metric of a classifier finds what it reads. */
export interface ClassifierOptions {
  /** The output with unnormalised log-probabilities, classes along the last axis; default "logits". */
  readonly logits?: string;
  /** The tensor of the batch with class numbers, of the logits' shape without the last axis; default "labels". */
  readonly labels?: string;
  /** A class number that marks positions without a label, which do not count; default none. */
  readonly ignoreIndex?: number;
}

/** Calls `visit` for every position that has a label: its logits are `data[from]` to before `data[until]`. */
export function visitLogitRows(
  name: string,
  { logits = 'logits', labels = 'labels', ignoreIndex }: ClassifierOptions,
  outputs: Batch,
  batch: Batch,
  visit: (data: Float32Array, from: number, until: number, label: number) => void,
): void {
  const scores = outputs[logits];
  const targets = batch[labels];
  if (scores === undefined)
    throw new LabError('invalid', `${name}: the model must have an output ${logits}; it has ${list(outputs)}`);
  if (targets === undefined)
    throw new LabError('invalid', `${name}: the batch must hold ${labels}; it holds ${list(batch)}`);
  const data = scores.data as Float32Array;
  const count = targets.data.length;
  const classes = data.length / count;
  for (let i = 0; i < count; i += 1) {
    const label = Number(targets.data[i]);
    if (label !== ignoreIndex) visit(data, i * classes, (i + 1) * classes, label);
  }
}

const list = (batch: Batch): string => Object.keys(batch).join(', ') || 'nothing';
