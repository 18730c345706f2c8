import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSafetensors, SafetensorsError, writeSafetensors, type StoredTensor } from '../src/index.ts';
import { storedTensor, tensorFile } from './arbitraries.ts';
import { bytesOf, fileOf } from './library.ts';

const floats = (dims: readonly number[], ...values: readonly number[]): StoredTensor => ({
  dtype: 'F32',
  dims,
  data: Float32Array.from(values),
});

describe('a file', () => {
  test('is read back bit for bit and in order, whatever types and names', () => {
    fc.assert(
      fc.property(tensorFile, fc.nat(7), (file, shift) => {
        const bytes = writeSafetensors(file);
        // At any place in a larger buffer, as a file in a pool of Node's is.
        const shifted = new Uint8Array(bytes.length + shift);
        shifted.set(bytes, shift);
        const back = readSafetensors(shifted.subarray(shift));
        expect([...back.tensors.keys()]).toEqual([...file.tensors.keys()]);
        expect([...back.metadata]).toEqual([...file.metadata]);
        for (const [name, { dtype, dims, data }] of file.tensors) {
          const read = back.tensors.get(name)!;
          expect([read.dtype, read.dims]).toEqual([dtype, dims]);
          expect(read.data.constructor).toBe(data.constructor);
          expect(bytesOf(read.data)).toEqual(bytesOf(data));
        }
        // Read or written, the bytes are the same.
        expect(writeSafetensors(back)).toEqual(bytes);
      }),
    );
  });

  test('has every tensor at a multiple of the size of its elements, and data at a multiple of 8', () => {
    fc.assert(
      fc.property(fc.array(storedTensor, { maxLength: 6 }), (tensors) => {
        const bytes = writeSafetensors({
          tensors: new Map(tensors.map((one, i) => [`${i}`, one])),
          metadata: new Map(),
        });
        const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
        expect(length % 8).toBe(0);
        const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<
          string,
          { data_offsets: [number, number] }
        >;
        tensors.forEach(({ data }, i) =>
          expect(header[i]!.data_offsets[0] % (data as Uint8Array).BYTES_PER_ELEMENT).toBe(0),
        );
      }),
    );
  });

  test('has the layout of the format: length, JSON padded to 8 bytes, data', () => {
    const bytes = writeSafetensors({
      tensors: new Map([['w', floats([1, 2], 1, -2)]]),
      metadata: new Map([['a', 'b']]),
    });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(header).toEqual({ __metadata__: { a: 'b' }, w: { dtype: 'F32', shape: [1, 2], data_offsets: [0, 8] } });
    expect(new Float32Array(bytes.slice(8 + length).buffer)).toEqual(Float32Array.of(1, -2));
  });

  test('may hold data that is not aligned: what is read is', () => {
    const header =
      '{"a":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"F64","shape":[],"data_offsets":[3,11]}}';
    const { tensors } = readSafetensors(fileOf(header, Uint8Array.of(1, 0, 1, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f)));
    expect(tensors.get('b')).toEqual({ dtype: 'F64', dims: [], data: Float64Array.of(1) });
  });

  test('that is changed after it was read changes nothing that was read', () => {
    const bytes = Buffer.from(writeSafetensors({ tensors: new Map([['w', floats([1], 1)]]), metadata: new Map() }));
    const { tensors } = readSafetensors(bytes);
    bytes.fill(0);
    expect(tensors.get('w')!.data).toEqual(Float32Array.of(1));
  });
});

const entry = '{"dtype":"F32","shape":[2],"data_offsets":[0,8]}';

test.each<[string, Uint8Array, string, string, string]>([
  ['no header', new Uint8Array(3), 'truncated', '', 'the file has 3 bytes; the length of its header alone takes 8'],
  [
    'a header longer than the file',
    Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 1),
    'truncated',
    '',
    'the header should have 9 bytes; 1 are there',
  ],
  ['a header longer than any', new Uint8Array(8).fill(255), 'malformed', '', 'the format allows 100000000'],
  [
    'a header that is not JSON',
    fileOf('{{'),
    'malformed',
    '',
    'a key of the header must be a string; "{" stands there',
  ],
  ['a header that is not UTF-8', fileOf(Uint8Array.of(0x7b, 0xff)), 'malformed', '', 'the header is not UTF-8'],
  [
    'two tensors of one name',
    fileOf(`{"w":${entry},"w":${entry}}`, 8),
    'malformed',
    'w',
    'the header has the key "w" twice',
  ],
  ['one name in two spellings', fileOf(`{"w":${entry},"\\u0077":${entry}}`, 8), 'malformed', 'w', 'the key "w" twice'],
  ['metadata twice', fileOf('{"__metadata__":{},"__metadata__":{}}'), 'malformed', '__metadata__', 'twice'],
  [
    'a key of metadata twice',
    fileOf('{"__metadata__":{"a":"1","a":"2"}}'),
    'malformed',
    'a',
    '__metadata__ has the key "a" twice',
  ],
  [
    'metadata that is no text',
    fileOf('{"__metadata__":{"a":1}}'),
    'malformed',
    '',
    '__metadata__ under "a" must be a string; "1}}" stands there',
  ],
  [
    'a fraction in a shape',
    fileOf(`{"w":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}`, 8),
    'malformed',
    '',
    'whole numbers',
  ],
  [
    'an unknown type',
    fileOf('{"w":{"dtype":"F128","shape":[],"data_offsets":[0,16]}}', 16),
    'unsupported',
    'w',
    'the tensor "w" has the unknown dtype "F128"',
  ],
  [
    'a shape that does not fit',
    fileOf('{"w":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}}', 8),
    'invalid',
    'w',
    'the tensor "w" of F64 and shape [2] takes 16 bytes; its data_offsets 0 and 8 hold 8',
  ],
  [
    'packed elements in part of a byte',
    fileOf('{"w":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}', 2),
    'invalid',
    'w',
    'takes no whole number of bytes',
  ],
  [
    'a hole',
    fileOf(`{"w":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}`, 2),
    'invalid',
    'w',
    'begins at byte 1 of the data, after a hole: it must begin at 0',
  ],
  [
    'an overlap',
    fileOf(`{"a":${entry},"b":${entry}}`, 8),
    'invalid',
    'b',
    'begins at byte 0 of the data, inside what others hold: it must begin at 8',
  ],
  [
    'an empty tensor inside another',
    fileOf(`{"a":${entry},"b":{"dtype":"U8","shape":[0],"data_offsets":[4,4]}}`, 8),
    'invalid',
    'b',
    'inside what others hold',
  ],
  ['data that is cut', fileOf(`{"w":${entry}}`, 7), 'truncated', '', 'the tensors take 8 bytes; 7 follow the header'],
  ['data of nobody', fileOf(`{"w":${entry}}`, 9), 'invalid', '', '1 bytes after the tensors belong to none'],
])('%s is refused', (_, bytes, code, path, message) => {
  expect(refusal(() => readSafetensors(bytes))).toMatchObject({
    code,
    path,
    message: expect.stringContaining(message) as string,
  });
});

test.each<[string, string, object, string]>([
  ['an unknown type', 'w', { dtype: 'float32', dims: [1], data: new Float32Array(1) }, 'received float32'],
  [
    'data of another type',
    'w',
    { dtype: 'F32', dims: [1], data: new Int32Array(1) },
    'must have its data in a Float32Array; received Int32Array',
  ],
  ['a list of numbers', 'w', { dtype: 'F32', dims: [1], data: [1] }, 'received Array'],
  [
    'dims that do not fit',
    'w',
    { dtype: 'F32', dims: [2], data: new Float32Array(1) },
    'of F32 and dims [2] takes 8 bytes; its data has 4',
  ],
  [
    'dims below zero',
    'w',
    { dtype: 'F32', dims: [-1, -1], data: new Float32Array(1) },
    'whole numbers >= 0; received -1,-1',
  ],
  ['no dims', 'w', { dtype: 'F32', data: new Float32Array(1) }, 'received undefined'],
  [
    "metadata's name",
    '__metadata__',
    { dtype: 'F32', dims: [1], data: new Float32Array(1) },
    'no tensor can have the name __metadata__',
  ],
  ['half of a surrogate pair', '\ud83d', { dtype: 'F32', dims: [1], data: new Float32Array(1) }, 'well-formed text'],
])('to write %s is refused', (_, name, tensor, message) => {
  const write = (): unknown =>
    writeSafetensors({ tensors: new Map([[name, tensor as StoredTensor]]), metadata: new Map() });
  expect(refusal(write)).toMatchObject({
    code: 'argument',
    path: name,
    message: expect.stringContaining(message) as string,
  });
});

test('to write metadata that is no text is refused', () => {
  const metadata = new Map([['step', 3 as unknown as string]]);
  expect(refusal(() => writeSafetensors({ tensors: new Map(), metadata }))).toMatchObject({
    code: 'argument',
    path: 'step',
  });
});

function refusal(act: () => unknown): SafetensorsError {
  let caught: unknown;
  try {
    act();
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(SafetensorsError);
  return caught as SafetensorsError;
}
