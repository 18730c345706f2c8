import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSafetensors, SafetensorsError, writeSafetensors, type TensorFile } from '../src/index.ts';
import { tensorFile } from './arbitraries.ts';
import { fileOf } from './library.ts';

/** Runs of each law; `HOSTILE_RUNS` sets them. */
const numRuns = Number(process.env['HOSTILE_RUNS'] ?? 2000);

/** Reads bytes that a stranger made: a typed error, or tensors that hold each byte of the data once. */
function readOrRefuse(bytes: Uint8Array): TensorFile | undefined {
  let file: TensorFile;
  try {
    file = readSafetensors(bytes);
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error;
    expect(error.message.length).toBeLessThan(2000);
    return undefined;
  }
  const header = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const sizes = [...file.tensors.values()].map(({ data }) => data.byteLength);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(bytes.length - 8 - header);
  // And what was read can be written.
  const again = readSafetensors(writeSafetensors(file));
  expect(again).toEqual(file);
  return file;
}

// A soak runs a hundred thousand of each.
describe('bytes of a stranger', { timeout: 900_000 }, () => {
  test('any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => void readOrRefuse(bytes)),
      { numRuns },
    );
  });

  test('a file changed in any byte, or cut', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
    fc.assert(
      fc.property(tensorFile, changes, fc.nat(), (file, changed, end) => {
        const bytes = writeSafetensors(file);
        for (const [at, byte] of changed) bytes[at % bytes.length] = byte;
        readOrRefuse(bytes);
        readOrRefuse(bytes.subarray(0, end % (bytes.length + 1)));
      }),
      { numRuns },
    );
  });

  test('headers by the grammar, their entries anywhere', () => {
    const count = fc.oneof(
      { weight: 5, arbitrary: fc.nat(12) },
      fc.constantFrom(0, -1, 1.5, 2 ** 31, 2 ** 32, 2 ** 53, 1e20, null),
    );
    const entry = fc.record({
      dtype: fc.constantFrom('F32', 'U8', 'F64', 'F4', 'BOOL', 'F6_E2M3', 'I128', 7),
      shape: fc.oneof({ weight: 6, arbitrary: fc.array(count, { maxLength: 3 }) }, fc.jsonValue()),
      data_offsets: fc.oneof({ weight: 6, arbitrary: fc.tuple(count, count) }, fc.jsonValue()),
    });
    const header = fc.dictionary(
      fc.constantFrom('a', 'b', '__metadata__', '__proto__'),
      fc.oneof({ weight: 6, arbitrary: entry }, fc.jsonValue()),
    );
    let read = 0;
    fc.assert(
      fc.property(header, fc.nat(24), (value, data) => {
        if (readOrRefuse(fileOf(JSON.stringify(value), data)) !== undefined) read += 1;
      }),
      { numRuns },
    );
    expect(read).toBeGreaterThan(0);
  });

  test('tensors moved over each other or apart are refused', () => {
    fc.assert(
      fc.property(tensorFile, fc.nat(), fc.integer({ min: -9, max: 9 }), (file, which, by) => {
        const bytes = writeSafetensors(file);
        const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
        const names = [...file.tensors.keys()].filter((name) => file.tensors.get(name)!.data.byteLength > 0);
        fc.pre(by !== 0 && names.length > 0);
        const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<
          string,
          { data_offsets: [number, number] }
        >;
        const entry = header[names[which % names.length]!]!;
        entry.data_offsets = entry.data_offsets.map((at) => at + by) as [number, number];
        expect(() => readSafetensors(fileOf(JSON.stringify(header), bytes.subarray(8 + length)))).toThrow(
          SafetensorsError,
        );
      }),
      { numRuns },
    );
  });
});

describe('memory', () => {
  const entry = '{"dtype":"U8","shape":[1000000],"data_offsets":[0,1000000]}';

  test('thousands of tensors over the same bytes are refused before one is copied', () => {
    const many = Array.from({ length: 3000 }, (_, i) => `"${i}":${entry}`).join();
    const bytes = fileOf(`{${many}}`, 1_000_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(() => readSafetensors(bytes)).toThrow('begins at byte 0 of the data, inside what others hold');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000);
  });

  test('a tensor whose shape is larger than any memory costs nothing', () => {
    const header = '{"w":{"dtype":"U8","shape":[9007199254740991],"data_offsets":[0,9007199254740991]}}';
    expect(() => readSafetensors(fileOf(header))).toThrow(
      'the tensors take 9007199254740991 bytes; 0 follow the header',
    );
  });

  test('nesting is refused where it begins', () => {
    expect(() => readSafetensors(fileOf('['.repeat(5_000_000)))).toThrow('the header must go on with {');
    expect(() => readSafetensors(fileOf(`{"w":{"dtype":"U8","shape":${'['.repeat(5_000_000)}`))).toThrow(
      'whole numbers',
    );
  });

  test('long names are cut in sentences', () => {
    expect(() => readSafetensors(fileOf(`{"${'w'.repeat(1_000_000)}":1}`))).toThrow(/^.{0,300}$/);
  });
});
