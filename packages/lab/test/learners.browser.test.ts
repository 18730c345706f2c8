import { beforeAll, expect, test, vi } from 'vitest';
import { plan, trained } from './page.ts';

// Real training, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const backends = ['tfjs', 'tfjs-webgl', 'onnxruntime-web'] as const;
const done = new Map<string, Awaited<ReturnType<typeof trained>>>();

beforeAll(async () => {
  for (const backend of backends) done.set(backend, await trained(backend));
});

test.each(backends)('%s trains in a page and applies what the plan says', async (backend) => {
  const { result, steps } = done.get(backend)!;
  expect(result.ended).toBe('completed');
  expect(result.measured.test!['accuracy']).toBeGreaterThan(0.9);
  const rate = (await plan()).learningRate as (step: number) => number;
  expect(steps.map(({ values }) => values.learningRate)).toEqual(steps.map(({ step }) => Math.fround(rate(step))));
});

test('the backends come to the same losses', () => {
  const [first, ...others] = backends.map((backend) => done.get(backend)!.steps);
  for (const steps of others) {
    // Rounding alone, magnified by 99 updates at a high rate (agreement.test.ts measures how much).
    steps.forEach(({ loss }, t) => expect(Math.abs(loss - first![t]!.loss)).toBeLessThan(1e-3 * first![t]!.loss));
  }
});
