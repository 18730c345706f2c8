import { cosineDecay, linear, piecewiseConstant, warmup, type Schedule } from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { fitMomentumLaw } from './fitMomentumLaw.ts';
import { fitMultiPowerLaw } from './fitMultiPowerLaw.ts';
import { lossModel, type LossModel } from './lossModel.ts';
import type { RecordedRun } from './recorded.ts';
import { uniforms } from './uniforms.ts';

const steps = 2000;
const after = (schedule: Schedule | number) => warmup({ warmupSteps: 100, schedule });
const schedules = {
  cosine: after(cosineDecay({ initValue: 3e-4, endValue: 3e-5, decaySteps: steps - 100 })),
  constant: after(3e-4),
  drop: after(piecewiseConstant({ boundaries: [800], values: [3e-4, 9e-5] })),
};
const unseen = after(linear({ initValue: 3e-4, endValue: 3e-5, decaySteps: steps - 100 }));
const truth = lossModel('multiPowerLaw', { l0: 3, a: 0.5, alpha: 0.5, b: 400, c: 2, beta: 0.6, gamma: 0.64 });
const even = Array.from({ length: 60 }, (_, i) => 110 + 31 * i);

function recorded(model: LossModel, name: string, schedule: Schedule, noise = 0, seed = 1): RecordedRun {
  const uniform = uniforms(seed);
  const { at, loss } = model.predict(schedule, { steps, at: even });
  const points = Array.from(at, (step, i) => ({ step, loss: loss[i]! * (1 + noise * (uniform() - 0.5)) }));
  return { name, schedule, points };
}

const runs = (noise = 0): readonly RecordedRun[] =>
  Object.entries(schedules).map(([name, schedule], i) => recorded(truth, name, schedule, noise, i));

describe('a fit', () => {
  test('of exact curves predicts curves that it has not seen', () => {
    const fitted = fitMultiPowerLaw(runs(), { bootstrap: { replicates: 0 } });
    const quality = fitted.judge(recorded(truth, 'linear', unseen));
    expect(quality.r2).toBeGreaterThan(0.9999);
    expect(quality.worstRelative).toBeLessThan(2e-3);
    expect(fitted.objective).toBeLessThan(1e-5);
    expect(fitted.quality.map(({ name }) => name)).toEqual(['cosine', 'constant', 'drop']);
  });

  test('of the sibling finds the sibling', () => {
    const sibling = lossModel('momentumLaw', { l0: 3, a: 0.5, alpha: 0.45, c: 0.4, tau: 120 });
    const curves = Object.entries(schedules).map(([name, schedule]) => recorded(sibling, name, schedule));
    const { parameters } = fitMomentumLaw(curves, { bootstrap: { replicates: 0 } });
    for (const [name, value] of Object.entries(sibling.parameters))
      expect(Math.abs(parameters[name as keyof typeof parameters] / value - 1)).toBeLessThan(0.02);
  });

  test('does not notice in which unit rates are counted', () => {
    const scaled = runs().map((run) => ({ ...run, schedule: (t: number) => 1000 * (run.schedule as Schedule)(t) }));
    const options = { bootstrap: { replicates: 0 } };
    const [one, other] = [fitMultiPowerLaw(runs(), options), fitMultiPowerLaw(scaled, options)];
    const a = one.predict(unseen, { steps }).loss;
    const b = other.predict((t) => 1000 * unseen(t), { steps }).loss;
    a.forEach((value, i) => expect(b[i]).toBeCloseTo(value, 6));
  });

  test('of noisy curves says between which losses others lie, the same for the same seed', () => {
    const fitted = fitMultiPowerLaw(runs(4e-3));
    const { at, loss, low, high } = fitted.predict(unseen, { steps, at: even });
    const measured = recorded(truth, 'linear', unseen, 4e-3, 9).points;
    const inside = measured.filter((point, i) => point.loss >= low[i]! && point.loss <= high[i]!);
    // Of 61 points nine in ten are meant: 46 is four standard deviations of a binomial below.
    expect(inside.length).toBeGreaterThan(46);
    expect(low.every((value, i) => value < loss[i]! && loss[i]! < high[i]!)).toBe(true);
    const narrow = fitted.predict(unseen, { steps, at: even, level: 0.5 });
    expect(narrow.high.every((value, i) => value < high[i]!)).toBe(true);
    expect(at.length).toBe(61);
    expect(fitMultiPowerLaw(runs(4e-3)).predict(unseen, { steps, at: even })).toEqual(
      fitted.predict(unseen, { steps, at: even }),
    );
    for (const [low, high] of Object.values(fitted.intervals)) expect(high).toBeGreaterThan(low);
  });
});

describe('a fit that the data cannot carry is refused with what is missing', () => {
  const [cosine, constant, drop] = runs() as [RecordedRun, RecordedRun, RecordedRun];
  const cut = (run: RecordedRun, from: number, to?: number): RecordedRun => ({
    ...run,
    points: run.points.slice(from, to),
  });
  test.each<[string, readonly RecordedRun[], string]>([
    ['too few points', [cut(cosine, 0, 20)], '21 points are needed for 7 parameters; given 20'],
    ['no fall', [constant], 'no run has 5 points after the rate begins to fall; add a run that decays or drops'],
    ['a fall hardly seen', [constant, cut(drop, 0, 26)], 'no run has 5 points after the rate begins to fall'],
    [
      'sums alike',
      [cut(cosine, 40), cut(drop, 40)],
      'differ by less than a factor of 3; add earlier points or a longer run',
    ],
    [
      'no progress',
      [{ ...cosine, points: cosine.points.map(({ step }, i) => ({ step, loss: 3 + i / 100 })) }],
      'no loss ends below where it began',
    ],
  ])('%s', (_, given, missing) => {
    expect(() => fitMultiPowerLaw(given)).toThrow(
      `fitMultiPowerLaw: the runs cannot carry the fit: ${missing}`.slice(0, 46),
    );
    expect(() => fitMultiPowerLaw(given)).toThrow(missing);
  });

  test.each<[readonly unknown[], string]>([
    [[], 'fitMultiPowerLaw: runs must be a list of at least 1 recorded run; received an array of 0'],
    [[{ ...cosine, points: [] }], 'fitMultiPowerLaw: cosine: points must be a list of at least 1 { step, loss }'],
    [[{ ...cosine, losses: [] }], 'unknown option "losses"'],
    [
      [
        {
          ...cosine,
          points: [
            { step: 5, loss: 1 },
            { step: 5, loss: 1 },
          ],
        },
      ],
      'points/1/step must be an integer > 5',
    ],
    [[{ ...cosine, points: [{ step: 0, loss: 1 }] }], 'points/0/step must be an integer > 0'],
    [
      [{ ...cosine, points: [{ step: 1, loss: Number.NaN }] }],
      'points/0/loss must be a finite number > 0; received NaN',
    ],
    [[{ ...cosine, schedule: () => -1 }], 'cosine: schedule must be a finite number >= 0'],
  ])('what is no run %#', (given, sentence) => {
    expect(() => fitMultiPowerLaw(given as never)).toThrow(sentence);
  });

  test.each([
    [{ bootstrap: { over: 'points' } }, 'bootstrap: over must be "blocks" or "runs"; received "points"'],
    [{ bootstrap: { over: 'runs' } }, 'over must be "blocks" for fewer than 4 runs'],
    [{ bootstrap: { replicates: -1 } }, 'replicates must be an integer from 0 to 10000; received -1'],
    [{ replicates: 5 }, 'unknown option "replicates"'],
  ])('options %#', (options, sentence) => {
    expect(() => fitMultiPowerLaw(runs(), options as never)).toThrow(sentence);
  });
});
