import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Trial } from './trial.ts';
import { canonicalTrial, trialId } from './trialId.ts';

const trial: Trial = {
  label: 'schedule',
  task: 'digits',
  backend: 'tfjs-wasm',
  optimizer: { name: 'momentum', momentum: 0.8 },
  schedule: { type: 'cosineDecay', initValue: 0.1, decaySteps: '90%' } as unknown as Trial['schedule'],
  batchSize: 32,
  seed: 1,
  budget: { epochs: 3 },
  patience: null,
};

test('a trial has one identity, whatever the order of its keys, and whether or not a default is written', () => {
  const id = trialId(trial);
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  const shuffled = fc.shuffledSubarray(Object.entries(trial), { minLength: Object.keys(trial).length });
  fc.assert(
    fc.property(shuffled, (entries) => {
      expect(trialId(Object.fromEntries(entries) as unknown as Trial)).toBe(id);
    }),
  );
  const written: Trial = { ...trial, accumulate: 1, onDivergence: 'stop', validateEvery: '1ep', backend: 'tfjs' };
  expect(trialId(written)).toBe(id);
  expect(canonicalTrial(written)).toEqual(trial);
  expect(trialId(JSON.parse(JSON.stringify(trial)) as Trial)).toBe(id);
});

test('whatever differs is another trial', () => {
  const others: Partial<Trial>[] = [
    { label: 'control' },
    { task: 'digits-noisy' },
    { backend: 'tfjs-cpu' },
    { optimizer: { name: 'momentum' } },
    { schedule: { type: 'cosineDecay', initValue: 0.1, decaySteps: '80%' } as unknown as Trial['schedule'] },
    { batchSize: 16 },
    { seed: 2 },
    { budget: { epochs: 4 } },
    { budget: { updates: 3 } },
    { patience: 3 },
    { validateEvery: 10 },
    { keep: 'best' },
    { average: {} },
    { accumulate: 2 },
    { onDivergence: 'rollback' },
    { groups: { head: '^dense2' } },
    { data: 'abc' },
  ];
  const ids = [trial, ...others.map((other) => ({ ...trial, ...other }))].map(trialId);
  expect(new Set(ids).size).toBe(ids.length);
});

test('the identity is the SHA-256 of the sorted JSON', async () => {
  const text =
    '{"backend":"tfjs-wasm","batchSize":32,"budget":{"epochs":3},"label":"schedule","optimizer":{"momentum":0.8,"name":"momentum"},"patience":null,"schedule":{"decaySteps":"90%","initValue":0.1,"type":"cosineDecay"},"seed":1,"task":"digits"}';
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  expect(trialId(trial)).toBe(Buffer.from(digest).toString('hex').slice(0, 32));
});
