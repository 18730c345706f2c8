import { expect, test, vi } from 'vitest';
import { plan, trained } from './page.ts';

// Real training on a software adapter.
vi.setConfig({ testTimeout: 240_000 });

test('tfjs-webgpu trains in a page, applies what the plan says, and comes to the losses of wasm', async () => {
  const [wasm, webgpu] = [await trained('tfjs'), await trained('tfjs-webgpu')];
  expect(webgpu.result.ended).toBe('completed');
  expect(webgpu.result.measured.test!['accuracy']).toBeGreaterThan(0.9);
  const rate = (await plan()).learningRate as (step: number) => number;
  const applied = webgpu.steps.map(({ values }) => values.learningRate);
  expect(applied).toEqual(webgpu.steps.map(({ step }) => Math.fround(rate(step))));
  // Rounding alone, magnified by 99 updates at a high rate (agreement.test.ts measures how much).
  webgpu.steps.forEach(({ loss }, t) => {
    const reference = wasm.steps[t]!.loss;
    expect(Math.abs(loss - reference)).toBeLessThan(1e-3 * reference);
  });
});
