import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { caught } from '../test/caught.ts';
import { bestSoFar, type BestSoFarOptions, type BestState } from './bestSoFar.ts';
import { reduceOnPlateau } from './controllers/reduceOnPlateau.ts';

const after = (options: BestSoFarOptions, reports: readonly number[]): BestState => {
  const { init, observe } = bestSoFar(options);
  return reports.reduce(observe, init());
};

describe('Keras EarlyStopping', () => {
  interface Case {
    readonly id: string;
    readonly config: {
      readonly mode: 'min' | 'max';
      readonly patience?: number;
      readonly min_delta?: number;
      readonly baseline?: number;
      readonly start_from_epoch?: number;
    };
    readonly metrics: readonly (number | null)[];
    /** After each epoch: the best metric (null: none, or NaN), its epoch, the epochs waited, whether to stop. */
    readonly after: readonly (readonly [number | null, number, number, boolean])[];
  }
  const file = new URL('../test/fixtures/kerasEarlyStopping.json', import.meta.url);
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly Case[] };

  test.each(cases.map((one) => [one.id, one] as const))('%s', (_, { config, metrics, after: recorded }) => {
    const { init, observe } = bestSoFar({
      mode: config.mode,
      threshold: Math.abs(config.min_delta ?? 0),
      thresholdMode: 'shiftedMetric',
      patience: Math.max(config.patience ?? 0, 1),
      startFrom: config.start_from_epoch ?? 0,
      firstIsBest: true,
      ...(config.baseline !== undefined && { baseline: config.baseline }),
    });
    let state = init();
    const ours = metrics.map((metric) => {
      state = observe(state, metric ?? NaN);
      const isNaNBest = Math.abs(state.best ?? 0) === Number.MAX_VALUE;
      return [isNaNBest ? null : state.best, state.bestReport ?? 0, state.waited, state.stop];
    });
    expect(ours).toEqual(recorded);
  });
});

describe('for whatever is reported', () => {
  const options = fc.record(
    {
      mode: fc.constantFrom('min' as const, 'max' as const),
      threshold: fc.constantFrom(0, 0.1, 1),
      thresholdMode: fc.constantFrom(
        'absolute' as const,
        'relative' as const,
        'signedRelative' as const,
        'shiftedMetric' as const,
      ),
      patience: fc.integer({ min: 1, max: 4 }),
      startFrom: fc.nat(3),
      baseline: fc.double({ min: -2, max: 2, noNaN: true }),
      firstIsBest: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const metric = fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: -8, max: 8 }).map((n) => n / 4) },
    { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, 1e308, -1e308) },
  );
  const reports = fc.array(metric, { maxLength: 30 });

  test('the state is plain JSON, and a run that goes on from it ends alike', () => {
    fc.assert(
      fc.property(options, reports, fc.nat(30), (given, all, cut) => {
        const { observe } = bestSoFar(given);
        const half = JSON.parse(JSON.stringify(after(given, all.slice(0, cut)))) as BestState;
        expect(half).toEqual(after(given, all.slice(0, cut)));
        expect(all.slice(cut).reduce(observe, half)).toEqual(after(given, all));
      }),
    );
  });

  test('without a threshold the best is the smallest, the first of several, and waited the reports since', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1 }), (all) => {
        const { best, bestReport, waited, reports: count, improved } = after({}, all);
        const least = Math.min(...all);
        expect([best, bestReport, waited, count]).toEqual([
          least,
          all.indexOf(least),
          all.length - 1 - all.indexOf(least),
          all.length,
        ]);
        expect(improved).toBe(all.indexOf(least) === all.length - 1);
      }),
    );
  });

  const isEven = ({ thresholdMode }: BestSoFarOptions): boolean => thresholdMode !== 'signedRelative';
  test('max of the metric is min of its negative, but for the signed share of PyTorch', () => {
    fc.assert(
      fc.property(options.filter(isEven), reports, ({ baseline, ...given }, all) => {
        const least = after({ ...given, mode: 'min', ...(baseline !== undefined && { baseline }) }, all);
        const turned = after(
          { ...given, mode: 'max', ...(baseline !== undefined && { baseline: -baseline }) },
          all.map((one) => -one),
        );
        expect({ ...turned, best: turned.best === null ? null : 0 - turned.best }).toEqual(least);
      }),
    );
  });

  test('it stops exactly when `patience` reports in a row have not improved', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), reports, (patience, all) => {
        const { stop, waited, improved } = after({ patience }, all);
        expect(stop).toBe(waited >= patience);
        expect(improved && stop).toBe(false);
      }),
    );
  });

  test('it judges as reduceOnPlateau does, whose patience is one less', () => {
    fc.assert(
      fc.property(reports, fc.integer({ min: 1, max: 4 }), fc.boolean(), (all, patience, firstIsBest) => {
        const judge = { threshold: 0.1, thresholdMode: 'signedRelative', firstIsBest } as const;
        const plateau = reduceOnPlateau({ ...judge, patience: patience - 1, reduceFactor: 0 });
        let state = plateau.init();
        const bests = all.map((one) => {
          state = plateau.observe(state, one, { step: 0, value: 1 });
          return [state['best'], plateau.factor(state, { step: 0, value: 1 }) === 0];
        });
        let stopped = false;
        const { init, observe } = bestSoFar({ ...judge, patience });
        let best = init();
        const ours = all.map((one) => {
          best = observe(best, one);
          stopped ||= best.stop;
          return [best.best, stopped];
        });
        expect(ours).toEqual(bests);
      }),
    );
  });
});

test.each([
  [{ patience: 0 }, 'bestSoFar: patience must be an integer >= 1; received 0'],
  [{ mode: 'auto' }, 'bestSoFar: mode must be one of "min", "max"; received "auto"'],
  [{ minDelta: 1 }, 'bestSoFar: unknown option "minDelta"'],
  [{ baseline: NaN }, 'bestSoFar: baseline must be a finite number; received NaN'],
])('%o is refused', (options, sentence) => {
  expect(caught(() => bestSoFar(options as never)).message).toContain(sentence);
});
