import type { LabelRange } from '@anneal/onnx';
import type { Batch } from './batch.ts';
import { TrainerError } from './trainerError.ts';

/**
 * Checks that labels are classes: the operators take a negative one as counted from the end, and what they do past the end differs.
 *
 * @throws TrainerError `argument`, with the place and the value of the first that is none.
 */
export function checkLabels(ranges: readonly LabelRange[], batch: Batch): void {
  for (const { name, classes, ignored } of ranges) {
    const feed = batch[name];
    if (feed === undefined) continue;
    const data = feed.data as Int32Array | BigInt64Array;
    for (let i = 0; i < data.length; i++) {
      const label = data[i]!;
      if ((label >= 0 && label < classes) || Number(label) === ignored) continue;
      const at = placeOf(i, feed.dims).join(', ');
      const rule = `the classes are 0 to ${classes - 1}, and ${ignored} marks what has no label`;
      throw new TrainerError('argument', name, `${rule}; received ${label} at [${at}]`);
    }
  }
}

/** The indices of an element by its number. */
const placeOf = (number: number, dims: readonly number[]): number[] =>
  dims.map((dim, axis) => Math.floor(number / dims.slice(axis + 1).reduce((a, b) => a * b, 1)) % dim);
