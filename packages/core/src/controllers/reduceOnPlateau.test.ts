import { describe, expect, test } from 'vitest';
import { reduceOnPlateau, type ReduceOnPlateauOptions } from './reduceOnPlateau.ts';

/** The value in force after 0, 1, 2 … of the reports. */
function values(options: ReduceOnPlateauOptions, reports: readonly number[], value = 1): number[] {
  const controller = reduceOnPlateau(options);
  const at = { step: 0, value };
  let state = controller.init();
  const after = reports.map((report) => {
    state = controller.observe(state, report, at);
    return value * controller.factor(state, at);
  });
  return [value, ...after];
}

const half = { reduceFactor: 0.5 };
const reports = [5, 4, 4, 4, 3, 3, 3, 3, NaN, 2, 2, 2, 2, 2, 2, 2];
const common = [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.125, 0.125, 0.125, 0.125, 0.0625];

describe('one trace through the conventions of four frameworks', () => {
  test.each([
    ['PyTorch, patience 1, cooldown 2', { patience: 1, cooldown: 2, thresholdMode: 'signedRelative' }],
    [
      'Keras, patience 2 as 1, cooldown 3 as 2',
      { patience: 1, cooldown: 2, thresholdMode: 'shiftedMetric', firstIsBest: true },
    ],
    [
      'optax, patience 2, cooldown 2',
      { patience: 2, cooldown: 2, thresholdMode: 'signedRelative', trigger: 'exactly' },
    ],
  ] as const)('%s', (_, options) => {
    expect(values({ ...half, ...options }, reports)).toEqual(common);
  });

  test('Paddle, patience 1, cooldown 2, seeks no best in the cooldown', () => {
    const paddle = {
      ...half,
      patience: 1,
      cooldown: 2,
      thresholdMode: 'signedRelative',
      bestInCooldown: false,
    } as const;
    expect(values(paddle, reports).slice(0, 10)).toEqual([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25]);
  });
});

describe('a constant metric', () => {
  const constant = Array.from({ length: 7 }, () => 1);

  test.each([
    [{ patience: 0 }, [1, 1, 0.5, 0.25, 0.125]],
    [{ patience: 1 }, [1, 1, 1, 0.5, 0.5, 0.25]],
    [{ patience: 2 }, [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.25]],
    [{ patience: 0, cooldown: 2 }, [1, 1, 0.5, 0.5, 0.5, 0.25]],
  ])('%o', (options, expected) => {
    expect(values({ ...half, ...options }, constant).slice(0, expected.length)).toEqual(expected);
  });

  test('that is negative counts as improving for ever under the signed threshold only', () => {
    const negative = constant.map((metric) => -metric);
    const options = { ...half, patience: 0 };
    expect(values(options, negative).at(-1)).toBe(0.5 ** 6);
    expect(values({ ...options, thresholdMode: 'signedRelative' }, negative).at(-1)).toBe(1);
  });
});

describe('limits', () => {
  const bad = [1, 1, 1, 1, 1];

  test('a floor of the value, of the factor, and the least change', () => {
    expect(values({ ...half, patience: 0, minValue: 0.3 }, bad, 2)).toEqual([2, 2, 1, 0.5, 0.3, 0.3]);
    expect(values({ ...half, patience: 0, minFactor: 0.3 }, bad, 2)).toEqual([2, 2, 1, 0.6, 0.6, 0.6]);
    expect(values({ ...half, patience: 0, minChange: 0.3 }, bad)).toEqual([1, 1, 0.5, 0.5, 0.5, 0.5]);
  });

  test('a floor above the value changes nothing', () => {
    expect(values({ patience: 0, minValue: 3 }, bad, 2)).toEqual([2, 2, 2, 2, 2, 2]);
  });
});

test('accumulated reports act as their mean, once each window is full', () => {
  const options = { ...half, patience: 0, accumulate: 3 };
  // Means 2, 1, 1.5: the third window is bad.
  expect(values(options, [1, 2, 3, 1, 1, 1, 1, 1, 2.5]).slice(-3)).toEqual([1, 1, 0.5]);
  // A NaN spoils its own window only.
  expect(values(options, [1, NaN, 1, 1, 1, 1])).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.5]);
});

test('optax with patience 0 reduces on every improvement and on nothing else', () => {
  const options = { ...half, patience: 0, trigger: 'exactly' } as const;
  expect(values(options, [3, 3, 2, 2, 1])).toEqual([1, 0.5, 0.5, 0.25, 0.25, 0.125]);
});

test('in Keras a first NaN is never beaten', () => {
  const options = { ...half, patience: 0 };
  expect(values(options, [NaN, 3, 2]).at(-1)).toBe(0.5);
  expect(values({ ...options, firstIsBest: true }, [NaN, 3, 2])).toEqual([1, 1, 0.5, 0.25]);
});
