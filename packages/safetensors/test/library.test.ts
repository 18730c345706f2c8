import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import { readSafetensors, SafetensorsError, writeSafetensors } from '../src/index.ts';
import { bytesOf, fileOf, recorded } from './library.ts';

describe.each(recorded.written)('what the library wrote ($metadata)', ({ file, metadata, tensors }) => {
  const bytes = Buffer.from(file, 'base64');

  test('is read with its names, types, dims and bits', () => {
    const read = readSafetensors(bytes);
    expect(read.metadata).toEqual(new Map(Object.entries(metadata)));
    expect([...read.tensors.keys()]).toEqual(Object.keys(tensors));
    for (const [name, { dtype, dims, hex, numbers }] of Object.entries(tensors)) {
      const tensor = read.tensors.get(name)!;
      expect([tensor.dtype, tensor.dims]).toEqual([dtype, dims]);
      expect(Buffer.from(bytesOf(tensor.data)).toString('hex')).toBe(hex);
      // Those that JavaScript has an array for; the others are their bits.
      if (/^([FIU](64|32)|[IU](16|8))$/.test(dtype)) {
        const told = numbers.map((number) =>
          typeof number === 'string' ? number.replace('inf', 'Infinity').replace('nan', 'NaN') : number,
        );
        const back = [...tensor.data].map((value, i) => {
          if (typeof value === 'bigint' || typeof told[i] === 'number')
            return typeof told[i] === 'number' ? value : String(value);
          return Object.is(value, -0) ? '-0.0' : String(value);
        });
        expect(back).toEqual(told);
      }
    }
  });

  test('is written again to the byte', () => {
    expect(Buffer.from(writeSafetensors(readSafetensors(bytes))).toString('base64')).toBe(file);
  });
});

test('every type that the library can write stands in a recorded file', () => {
  const [first] = recorded.written;
  expect(new Set(Object.values(first!.tensors).map(({ dtype }) => dtype)).size).toBe(20);
});

/** Read by the library and refused here: what is ambiguous, and null in the place of texts, which the format does not have. */
const stricter = /twice|unknown key|__metadata__ must go on with \{ where "null/;

test('what the library refuses is refused, what it reads is read, but for what is ambiguous', () => {
  const [counts, strict] = [{ read: 0, refused: 0 }, new Set<string>()];
  for (const { header, data, error } of recorded.verdicts) {
    const bytes = fileOf(Buffer.from(header, 'base64'), data);
    let caught: unknown;
    try {
      readSafetensors(bytes);
    } catch (thrown) {
      caught = thrown;
      expect(caught).toBeInstanceOf(SafetensorsError);
    }
    const text = Buffer.from(header, 'base64').toString();
    if (error === null && caught !== undefined) {
      expect((caught as Error).message, text).toMatch(stricter);
      strict.add(text);
    } else expect(caught === undefined, `${text} + ${data}: ${error} / ${String(caught)}`).toBe(error === null);
    counts[caught === undefined ? 'read' : 'refused']++;
  }
  expect(strict.size).toBeGreaterThan(3);
  expect(counts.read).toBeGreaterThan(40);
  expect(counts.refused).toBeGreaterThan(700);
});
