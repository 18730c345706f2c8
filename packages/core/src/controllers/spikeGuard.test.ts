import { expect, test } from 'vitest';
import { spikeGuard } from './spikeGuard.ts';

const guard = spikeGuard({ minReports: 5, waitSteps: 3, rewarmSteps: 4, cutFactor: 0.2 });
const calm = [1, 1.05, 0.95, 1.02, 0.98, 1.01, 0.99];

/** The factor that each update sees: report t comes after update t, when the step is t + 1. */
function seen(reports: readonly number[], controller = guard): number[] {
  let state = controller.init();
  return [
    1,
    ...reports.map((report, t) => {
      const at = { step: t + 1, value: 0.1 };
      state = controller.observe(state, report, at);
      return controller.factor(state, at);
    }),
  ];
}

test('a calm metric changes nothing, nor does one that falls', () => {
  expect(new Set(seen([...calm, ...calm, 0.5, 0.4, 0.1]))).toEqual(new Set([1]));
});

test.each([3, NaN, Infinity])('after a report of %s it cuts, waits, and warms up again', (spike) => {
  const after = seen([...calm, spike, ...calm, 1]).slice(calm.length + 1);
  expect(after.map((factor) => Number(factor.toFixed(12)))).toEqual([0.2, 0.2, 0.2, 0.2, 0.4, 0.6, 0.8, 1, 1]);
});

test('a spike while it waits is not counted again, one while it warms up starts all over', () => {
  expect(seen([...calm, 3, 3, ...calm]).slice(calm.length + 1)).toEqual(
    seen([...calm, 3, 1, ...calm]).slice(calm.length + 1),
  );
  expect(seen([...calm, 3, 1, 1, 1, 1, 9, 1, 1, 1]).slice(-4)).toEqual([0.2, 0.2, 0.2, 0.2]);
});

test('a level that stays high is learnt in time', () => {
  const controller = spikeGuard({ minReports: 5, window: 10, waitSteps: 3, rewarmSteps: 4 });
  expect(seen([...calm, ...Array.from({ length: 100 }, () => 5)], controller).at(-1)).toBe(1);
});

test('one wild report does not blind it to the next spike', () => {
  const reports = [...calm, 1000, ...calm, ...calm, 3];
  expect(seen(reports).at(-1)).toBe(0.2);
});
