import { expect, test } from 'vitest';
import { chunked } from './chunks.ts';

test('memory is filled again, but never that of the batches given out last', async () => {
  const batches = Array.from({ length: 11 }, (_, i) => ({ x: { data: Float32Array.of(i, -i), dims: [2] } }));
  let last: { readonly data: Float32Array; readonly numbers: readonly number[] } | undefined;
  const buffers = new Set<unknown>();
  const all: number[] = [];
  for await (const { feeds, steps } of chunked(
    batches,
    1,
    () => 2,
    () => undefined,
  )) {
    // What the trainer may go back over is as it was.
    if (last !== undefined) expect([...last.data]).toEqual(last.numbers);
    const data = feeds.get('x') as Float32Array;
    expect(data).toHaveLength(2 * steps);
    last = { data, numbers: [...data] };
    buffers.add(data.buffer);
    all.push(...data);
  }
  expect(all).toEqual(batches.flatMap(({ x }) => [...x.data]));
  expect(buffers.size).toBe(2);
});
