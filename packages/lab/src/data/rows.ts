import { LabError } from '../labError.ts';
import { elementsOf, type Batch, type Numbers, type Tensor } from './tensor.ts';

/**
 * Number of examples in a batch: the first axis of its tensors.
 *
 * Throws a {@link LabError} where the batch is empty or its tensors do not agree.
 */
export function examplesIn(batch: Batch): number {
  const [first, ...others] = Object.entries(batch);
  if (first === undefined) throw new LabError('invalid', 'a batch must hold at least one tensor; it is empty');
  const count = first[1].dims[0] ?? 0;
  for (const [name, { dims }] of others) {
    if (dims[0] === count) continue;
    const message = `a batch must hold as many examples in every tensor; ${first[0]} has ${count}, ${name} has ${dims[0]}`;
    throw new LabError('invalid', message);
  }
  return count;
}

/** The examples at `indices`, copied in this order. */
export function rowsOf(batch: Batch, indices: ArrayLike<number>): Batch {
  return Object.fromEntries(Object.entries(batch).map(([name, tensor]) => [name, rows(tensor, indices)]));
}

function rows({ data, dims: [, ...dims] }: Tensor, indices: ArrayLike<number>): Tensor {
  const width = elementsOf(dims);
  const Kind = data.constructor as new (length: number) => Numbers;
  const copy = new Kind(indices.length * width);
  for (let i = 0; i < indices.length; i += 1) {
    const from = indices[i]! * width;
    // The same kind of array on both sides, which TypeScript cannot see.
    copy.set(data.subarray(from, from + width) as never, i * width);
  }
  return { data: copy, dims: [indices.length, ...dims] };
}

/** Views of a batch's examples, at most `size` at a time, in order. */
export function* slicesOf(batch: Batch, size: number): Generator<Batch> {
  const count = examplesIn(batch);
  for (let from = 0; from < count; from += size) {
    const until = Math.min(from + size, count);
    yield Object.fromEntries(
      Object.entries(batch).map(
        ([
          name,
          {
            data,
            dims: [, ...dims],
          },
        ]) => {
          const width = elementsOf(dims);
          return [name, { data: data.subarray(from * width, until * width), dims: [until - from, ...dims] }];
        },
      ),
    );
  }
}
