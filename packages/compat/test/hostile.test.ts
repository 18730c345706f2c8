import { readdirSync } from 'node:fs';
import { createScheduler, ScheduleError } from '@anneal/core';
import { assert, constant, constantFrom, double, integer, oneof, property } from 'fast-check';
import { expect, test } from 'vitest';
import * as timm from '../src/timm/index.ts';
import * as torch from '../src/torch/index.ts';
import * as transformers from '../src/transformers/index.ts';
import { readFixture } from './fixture.ts';

const readers = { timm: timm.read, torch: torch.read, transformers: transformers.read };
type Framework = keyof typeof readers;

const descriptions = (Object.keys(readers) as Framework[]).flatMap((framework) =>
  readdirSync(new URL(`../fixtures/${framework}`, import.meta.url))
    .filter((file) => file !== 'written.json')
    .flatMap((file) => readFixture(framework, file.replace('.json', '')).cases)
    .map(({ description }) => ({ framework, description })),
);

/** What may stand where a number, a text, a list or an object is meant. */
const hostile = oneof(
  double(),
  integer(),
  constantFrom(0, -0, -1, 1e-300, 1e300, 2 ** 53, 1e12, 0.1, 1.5, NaN, Infinity),
  constantFrom<unknown>(null, undefined, true, '', 'cos', 'lambda x: 1', {}, [], [0], [3, 3, 1e15], [[1]], '__proto__'),
  constant(Array.from({ length: 1000 }, (_, i) => i)),
);

/** A copy in which the n-th value, counted through the whole, is another. */
function altered(value: unknown, n: { left: number }, by: unknown): unknown {
  n.left -= 1;
  if (n.left === 0) return by;
  if (Array.isArray(value)) return value.map((item) => altered(item, n, by));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, altered(item, n, by)]));
}

test('a description with something wrong in it is refused by a ScheduleError or gives numbers', () => {
  let accepted = 0;
  const cases = integer({ min: 0, max: descriptions.length - 1 });
  assert(
    property(cases, integer({ min: 1, max: 30 }), hostile, (index, place, value) => {
      const { framework, description } = descriptions[index]!;
      const given = altered(description, { left: place }, value);
      try {
        const scheduler = createScheduler(readers[framework](given));
        for (const step of [0, 1, 7, 100]) {
          const { groups: _, ...values } = scheduler.values(step);
          if (Object.values(values).some(Number.isNaN)) throw new Error(`NaN at step ${step}`);
        }
        accepted += 1;
      } catch (error) {
        if (!(error instanceof ScheduleError)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
  expect(accepted).toBeGreaterThan(500);
});

test('schedulers nested without end are refused', () => {
  let description: object = { name: 'ExponentialLR', args: { gamma: 0.9 } };
  for (let i = 0; i < 5000; i += 1) description = { name: 'ChainedScheduler', args: { schedulers: [description] } };
  expect(() => torch.read({ ...description, lr: 0.1 })).toThrow(/nested deeper than 16/);
});
