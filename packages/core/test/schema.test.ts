// The published JSON Schema and the parser must say the same, as far as a schema can: what crosses parameters is the
// parser's alone.
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePlan, scheduleDefinitions, ScheduleError } from '../src/index.ts';
import { create, isAccepted, optionsOf } from './optionArbitraries.ts';

const read = (path: string): object => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as object;
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: false });
const validate = ajv.compile(read('../schema.json'));
const horizon = { totalSteps: 1000, stepsPerEpoch: 50 };

function parses(json: unknown): boolean {
  try {
    parsePlan(json, horizon);
    return true;
  } catch (error) {
    if (error instanceof ScheduleError) return false;
    throw error;
  }
}

describe('what the parser accepts is valid', () => {
  const folder = new URL('corpus/1.0/', import.meta.url);
  const files = readdirSync(folder).filter((file) => !file.endsWith('.values.json'));
  test.each(files)('%s', (file) => {
    const json = read(`corpus/1.0/${file}`);
    expect(validate(json) || ajv.errorsText(validate.errors)).toBe(true);
  });

  test.each(scheduleDefinitions.map((definition) => [definition.type, definition] as const))(
    'any %s, in a plan or alone',
    (_, definition) => {
      fc.assert(
        fc.property(optionsOf(definition), (options) => {
          const spec: unknown = JSON.parse(JSON.stringify(create(definition, options)));
          for (const json of [spec, { learningRate: 0.1, groups: { head: { momentum: { schedule: spec } } } }])
            expect(validate(json) || ajv.errorsText(validate.errors)).toBe(true);
        }),
        { numRuns: 30 },
      );
    },
  );
});

const cosine = { type: 'cosineDecay', initValue: 0.1, decaySteps: 100 };
const plateau = { type: 'reduceOnPlateau' };

test.each<[string, unknown]>([
  ['nothing', {}],
  ['a list', [cosine]],
  ['a number', 0.1],
  ['a type that does not exist', { ...cosine, type: 'cosine' }],
  ['a controller for a schedule', plateau],
  ['a required option left out', { type: 'cosineDecay', initValue: 0.1 }],
  ['an option that does not exist', { ...cosine, tMax: 100 }],
  ['an option of another type', { ...cosine, gamma: 0.9 }],
  ['a number as text', { ...cosine, initValue: '0.1' }],
  ['a duration of 0', { ...cosine, decaySteps: 0 }],
  ['a duration of 0 %', { ...cosine, decaySteps: '0%' }],
  ['a duration in another unit', { ...cosine, decaySteps: '5 epochs' }],
  ['a negative duration', { ...cosine, decaySteps: '-5ep' }],
  ['a share of a rate', { ...cosine, initValue: '10%' }],
  ['a negative rate', { ...cosine, initValue: -0.1 }],
  ['a word that is none of the choices', { ...cosine, pastEnd: 'stop' }],
  ['a mistake inside', { type: 'warmup', warmupSteps: 10, schedule: { ...cosine, decaySteps: null } }],
  ['$schema inside', { type: 'warmup', warmupSteps: 10, schedule: { ...cosine, $schema: 'x' } }],
  ['a list that is too short', { type: 'sequence', schedules: [], boundaries: [] }],
  ['a plan without a learning rate', { momentum: 0.9 }],
  ['a track that does not exist', { learningRate: cosine, lr: 0.1 }],
  ['a negative track', { learningRate: -1 }],
  ['a track with a type and a controller', { learningRate: { ...cosine, controllers: {} } }],
  ['a schedule for a controller', { learningRate: { schedule: 0.1, controllers: { p: { use: cosine } } } }],
  [
    'a window that begins before the run',
    { learningRate: { schedule: 0.1, controllers: { p: { use: plateau, from: -1 } } } },
  ],
  ['an unknown key of a window', { learningRate: { schedule: 0.1, controllers: { p: { use: plateau, to: 9 } } } }],
  ['a group that is a schedule', { learningRate: 0.1, groups: { head: cosine } }],
  ['groups in a group', { learningRate: 0.1, groups: { head: { groups: {} } } }],
  ['a type beside tracks', { ...cosine, learningRate: 0.1 }],
])('%s is refused by schema and parser alike', (_, json) => {
  expect([validate(json), parses(json)]).toEqual([false, false]);
});

test('any change of one value in a valid file is judged alike, unless it crosses parameters', () => {
  const definition = fc.constantFrom(...scheduleDefinitions);
  const broken = fc.constantFrom<unknown>(null, true, 'x', '5ep', '10%', '', [], {}, -1, 0, 0.5, 1, 1.5, 3, 1e300);
  fc.assert(
    fc.property(
      definition.chain((one) =>
        fc.tuple(fc.constant(one), optionsOf(one), fc.constantFrom(...Object.keys(one.params)), broken),
      ),
      ([one, options, key, value]) => {
        fc.pre(isAccepted(one, options));
        const json = { type: one.type, ...(JSON.parse(JSON.stringify(options)) as object), [key]: value };
        let contradicts = false;
        try {
          parsePlan(json, horizon);
        } catch (error) {
          contradicts = (error as ScheduleError).code === 'contradiction';
        }
        fc.pre(!contradicts);
        expect([json, validate(json)]).toEqual([json, parses(json)]);
      },
    ),
    { numRuns: 2000 },
  );
});
