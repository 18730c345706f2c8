import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createScheduler, ScheduleError, type Horizon, type Plan, type StepValues } from '@anneal/core';
import { assert, constant, constantFrom, double, integer, oneof, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { read as composer } from '../src/composer/index.ts';
import { read as deepspeed } from '../src/deepspeed/index.ts';
import { read as fairseq } from '../src/fairseq/index.ts';
import { read as fastai } from '../src/fastai/index.ts';
import { read as ignite } from '../src/ignite/index.ts';
import { read as keras } from '../src/keras/index.ts';
import { read as mmengine } from '../src/mmengine/index.ts';
import { read as optax } from '../src/optax/index.ts';
import { read as paddle } from '../src/paddle/index.ts';
import { read as pytorch_warmup } from '../src/pytorch_warmup/index.ts';
import { read as timm } from '../src/timm/index.ts';
import { read as torch } from '../src/torch/index.ts';
import { read as transformers } from '../src/transformers/index.ts';
import { readFixture, type Fixture, type FixtureCase } from './fixture.ts';

/** How many descriptions are altered for each reader; a soak makes more. */
const runs = Number(process.env['HOSTILE_RUNS'] ?? 1500);

type Read = (description: unknown, horizon?: Horizon) => Plan;
const readers: Readonly<Record<string, Read>> = {
  composer,
  deepspeed,
  fairseq,
  fastai,
  ignite,
  keras,
  mmengine,
  optax,
  paddle,
  pytorch_warmup,
  timm,
  torch,
  transformers,
};

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

/** What may be reported: ties, infinities and the largest numbers, in turn. */
const metrics = [1, 1, NaN, 1e308, -1e308, 0, Infinity, -Infinity, 0.5, 0.5, 5e-324, 2, 2, 2, -1, -2, -3, -4, -5, -6];

function expectFinite(values: StepValues, step: number): void {
  const { groups = {}, ...base } = values;
  if (![base, ...Object.values(groups)].every((tracks) => Object.values(tracks).every(Number.isFinite)))
    throw new Error(`not finite at step ${step}`);
}

/** Arguments drawn for the real classes, of which many are odd already. */
function accepted(framework: string): readonly FixtureCase[] {
  const url = new URL(`../fixtures/accepted/${framework}.json`, import.meta.url);
  return existsSync(url) ? (JSON.parse(readFileSync(url, 'utf8')) as Fixture).cases : [];
}

describe.each(Object.entries(readers))('%s', (framework, read) => {
  const descriptions = readdirSync(new URL(`../fixtures/${framework}`, import.meta.url))
    .filter((file) => file !== 'written.json' && file !== 'directions.json')
    .flatMap((file) => readFixture(framework, file.replace('.json', '')).cases)
    .concat(accepted(framework))
    .map(({ description }) => description);

  test(
    'a description with something wrong in it is refused by a ScheduleError or gives numbers',
    { timeout: 5000 + runs },
    () => {
      let accepted = 0;
      const cases = integer({ min: 0, max: descriptions.length - 1 });
      assert(
        property(cases, integer({ min: 1, max: 30 }), hostile, (index, place, value) => {
          const given = altered(descriptions[index], { left: place }, value);
          try {
            const scheduler = createScheduler(read(given, { stepsPerEpoch: 10, totalSteps: 60 }));
            for (const step of [0, 1, 2, 7, 23, 100, 5000]) expectFinite(scheduler.values(step), step);
            const monitors = [...scheduler.monitors(1000)];
            for (const metric of monitors.length === 0 ? [] : metrics) {
              scheduler.advance();
              scheduler.report(Object.fromEntries(monitors.map((name) => [name, metric])));
              expectFinite(scheduler.values(), scheduler.step);
            }
            accepted += 1;
          } catch (error) {
            if (!(error instanceof ScheduleError)) throw error;
          }
        }),
        { numRuns: runs },
      );
      expect(accepted).toBeGreaterThan(runs / 10);
    },
  );
});

describe('schedulers nested without end are refused by', () => {
  const deep = (inner: object, around: (description: object) => object): object => {
    let description = inner;
    for (let i = 0; i < 5000; i += 1) description = around(description);
    return description;
  };

  test.each<[string, Read, object]>([
    [
      'torch',
      torch,
      {
        ...deep({ name: 'ExponentialLR', args: { gamma: 0.9 } }, (inner) => ({
          name: 'ChainedScheduler',
          args: { schedulers: [inner] },
        })),
        lr: 0.1,
      },
    ],
    [
      'optax',
      optax,
      deep({ name: 'constant_schedule', args: { value: 1 } }, (inner) => ({
        name: 'join_schedules',
        args: { schedules: [inner], boundaries: [] },
      })),
    ],
    [
      'ignite',
      ignite,
      deep({ name: 'PiecewiseLinear', args: { milestones_values: [[0, 1]] } }, (inner) => ({
        name: 'ConcatScheduler',
        args: { schedulers: [inner, inner], durations: [1] },
      })),
    ],
    [
      'paddle',
      paddle,
      deep({ name: 'StepDecay', args: { learning_rate: 1, step_size: 1 } }, (inner) => ({
        name: 'LinearWarmup',
        args: { learning_rate: inner, warmup_steps: 1, start_lr: 0, end_lr: 1 },
      })),
    ],
  ])('%s', (_, read, description) => {
    expect(() => read(description)).toThrow(/nested deeper than 16/);
  });
});
