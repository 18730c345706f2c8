import * as fc from 'fast-check';
import { byteLengthOf, layouts, type ElementType } from '../src/elementType.ts';
import type { StoredTensor, TensorFile } from '../src/index.ts';

const elementTypes = Object.keys(layouts) as ElementType[];

/** A tensor of any type, its bits any. */
export const storedTensor: fc.Arbitrary<StoredTensor> = fc
  .tuple(fc.constantFrom(...elementTypes), fc.array(fc.nat(5), { maxLength: 3 }))
  // Packed elements fill whole bytes.
  .map(([dtype, dims]) => ({ dtype, dims: byteLengthOf(dtype, dims) === undefined ? [...dims, 4] : dims }))
  .chain(({ dtype, dims }) => {
    const size = byteLengthOf(dtype, dims)!;
    return fc
      .uint8Array({ minLength: size, maxLength: size })
      .map((bytes) => ({ dtype, dims, data: new layouts[dtype].array(bytes.slice().buffer) }) as StoredTensor);
  });

const text = fc.string({ unit: 'grapheme', maxLength: 8 });
const name = fc.oneof(
  { weight: 6, arbitrary: text },
  fc.constantFrom('', '0', '7', '__proto__', 'constructor', 'a"b\\c', '\u0000', '\ufeff'),
);

export const tensorFile: fc.Arbitrary<TensorFile> = fc.record({
  tensors: fc
    .array(
      fc.tuple(
        name.filter((one) => one !== '__metadata__'),
        storedTensor,
      ),
      { maxLength: 6 },
    )
    .map((entries) => new Map(entries)),
  metadata: fc.array(fc.tuple(name, text), { maxLength: 3 }).map((entries) => new Map(entries)),
});
