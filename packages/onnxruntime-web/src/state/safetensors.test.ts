import { array, assert, dictionary, float, nat, property, record, string, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TrainerError } from '../trainerError.ts';
import { readSafetensors, writeSafetensors, type StoredTensor } from './safetensors.ts';

const tensor = array(float(), { maxLength: 6 }).map((values): StoredTensor => ({
  dims: [values.length],
  data: Float32Array.from(values),
}));
const name = string({ maxLength: 8 }).filter((text) => text !== '__metadata__');
const tensors = array(tuple(name, tensor), { maxLength: 5 }).map((entries) => new Map(entries));
const file = record({ tensors, metadata: dictionary(string({ maxLength: 5 }), string({ maxLength: 9 })) });

describe('a safetensors file', () => {
  test('is read back bit for bit, whatever the names', () => {
    const law = property(file, ({ tensors: stored, metadata }) => {
      const back = readSafetensors(writeSafetensors({ tensors: stored, metadata: { ...metadata } }));
      expect([...back.tensors.keys()].sort()).toEqual([...stored.keys()].sort());
      for (const [key, { dims, data }] of stored) {
        expect(back.tensors.get(key)!.dims).toEqual(dims);
        expect(new Uint32Array(back.tensors.get(key)!.data.buffer)).toEqual(new Uint32Array(data.buffer));
      }
      expect(new Map(Object.entries(back.metadata))).toEqual(new Map(Object.entries(metadata)));
    });
    expect(() => assert(law)).not.toThrow();
  });

  test('has the layout of the format: length, JSON padded to 8 bytes, data', () => {
    const bytes = writeSafetensors({
      tensors: new Map([['w', { dims: [1, 2], data: Float32Array.of(1, -2) }]]),
      metadata: { a: 'b' },
    });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const header: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(header).toEqual({ __metadata__: { a: 'b' }, w: { dtype: 'F32', shape: [1, 2], data_offsets: [0, 8] } });
    expect(new Float32Array(bytes.slice(8 + length).buffer)).toEqual(Float32Array.of(1, -2));
  });

  test('changed in any byte, or cut, is a file or a typed error', () => {
    const seed = writeSafetensors({
      tensors: new Map([['weight', { dims: [2, 2], data: Float32Array.of(1, 2, 3, 4) }]]),
      metadata: { key: 'value' },
    });
    const law = property(
      array(record({ at: nat({ max: seed.length - 1 }), byte: nat({ max: 255 }) }), { maxLength: 4 }),
      nat({ max: seed.length }),
      (changes, end) => {
        const bytes = seed.slice();
        for (const { at, byte } of changes) bytes[at] = byte;
        for (const candidate of [bytes, bytes.subarray(0, end)]) {
          try {
            readSafetensors(candidate);
          } catch (error) {
            if (!(error instanceof TrainerError)) throw error;
          }
        }
      },
    );
    expect(() => assert(law, { numRuns: 2000 })).not.toThrow();
  });

  test.each([
    ['a header longer than the file', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127), 'the header should have'],
    ['no header', new Uint8Array(3), 'the file has 3 bytes'],
    ['a header that is not JSON', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7b), 'the header is not JSON'],
  ])('%s is refused', (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(message);
  });
});
