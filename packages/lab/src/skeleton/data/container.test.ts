import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LabError } from '../../labError.ts';
import { bytesOf, bytesPart, float32Of, float32Part, pack, unpack } from './container.ts';

test('what is packed comes back bit for bit', () => {
  fc.assert(
    fc.property(fc.float32Array(), fc.uint8Array(), fc.string({ unit: 'grapheme' }), (numbers, bytes, text) => {
      const file = pack({
        texts: { text },
        parts: { bytes: bytesPart(bytes), numbers: float32Part(numbers, [numbers.length]) },
      });
      // At an odd place in a larger buffer, as a file in a pool of Node's is.
      const shifted = new Uint8Array(file.length + 3);
      shifted.set(file, 3);
      const { texts, parts } = unpack(shifted.subarray(3), 'the file');
      expect(texts['text']).toBe(text);
      expect(new Uint8Array(float32Of(parts['numbers']!).buffer)).toEqual(new Uint8Array(numbers.slice().buffer));
      expect(bytesOf(parts['bytes']!)).toEqual(bytes);
    }),
  );
});

test.each(['1', 'null', '[]', '{"__metadata__":1}', '{"__metadata__":null}', '{"__metadata__":{},"a":{}}', '{'])(
  'a header of %s is refused',
  (json) => {
    const file = new Uint8Array(8 + json.length);
    file[0] = json.length;
    file.set(new TextEncoder().encode(json), 8);
    expect(() => unpack(file, 'the file')).toThrow('the file cannot be read: it is not one, or it is damaged');
  },
);

test('anything else is refused by name', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(() => unpack(bytes, 'the file')).toThrow(LabError);
    }),
  );
});
