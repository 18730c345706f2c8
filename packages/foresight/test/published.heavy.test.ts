import { performance } from 'node:perf_hooks';
import { describe, expect, test } from 'vitest';
import { fitMultiPowerLaw, lossModel, type Quality } from '../src/index.ts';
import { available, publishedParameters, publishedRuns } from './publishedCurves.ts';

if (!available)
  process.stdout.write('the published loss curves are not here: the multi-power law is not held to them\n');

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const of = (qualities: readonly Quality[], key: 'r2' | 'meanAbsolute'): number =>
  mean(qualities.map((one) => one[key]));

describe.skipIf(!available)('on the published curves of', () => {
  test.each([
    ['25', 2.91e-4, 0.9965, 0.0055, 0.9988, 0.00376],
    ['100', 2.81e-4, 0.996, 0.0058, 0.9983, 0.00435],
    ['400', 5.77e-4, 0.995, 0.0068, 0.9978, 0.00484],
  ] as const)('%s million parameters', (size, objective, r2, error, theirR2, theirError) => {
    const { fitted, unseen } = publishedRuns(size);

    const theirs = lossModel('multiPowerLaw', publishedParameters[size]);
    const theirQuality = unseen.map((run) => {
      const { loss } = theirs.predict(run.schedule, {
        steps: run.points.at(-1)!.step,
        at: run.points.map(({ step }) => step),
      });
      const losses = run.points.map((point) => point.loss);
      const average = mean(losses);
      const left = losses.reduce((sum, y, i) => sum + (y - loss[i]!) ** 2, 0);
      const total = losses.reduce((sum, y) => sum + (y - average) ** 2, 0);
      return { r2: 1 - left / total, error: mean(losses.map((y, i) => Math.abs(y - loss[i]!))) };
    });
    // The law is theirs: with their parameters it does as they report.
    expect(mean(theirQuality.map((one) => one.r2))).toBeCloseTo(theirR2, 3);
    expect(mean(theirQuality.map((one) => one.error))).toBeCloseTo(theirError, 4);

    const before = performance.now();
    const law = fitMultiPowerLaw(fitted, { bootstrap: { replicates: 0 } });
    const seconds = (performance.now() - before) / 1000;
    const qualities = unseen.map((run) => law.judge(run));
    process.stdout.write(
      `${size}M: objective ${law.objective.toExponential(2)}, unseen R² ${of(qualities, 'r2').toFixed(4)}, error ${of(qualities, 'meanAbsolute').toFixed(5)}, fitted in ${seconds.toFixed(1)} s\n`,
    );
    expect(law.objective).toBeLessThanOrEqual(objective);
    expect(of(qualities, 'r2')).toBeGreaterThanOrEqual(r2);
    expect(of(qualities, 'meanAbsolute')).toBeLessThanOrEqual(error);
  });

  test('intervals hold fewer of the unseen losses than they are meant to', () => {
    const { fitted, unseen } = publishedRuns('25');
    const law = fitMultiPowerLaw(fitted);
    const shares = unseen.map(({ schedule, points }) => {
      const { low, high } = law.predict(schedule, { steps: points.at(-1)!.step, at: points.map(({ step }) => step) });
      return points.filter(({ loss }, i) => loss >= low[i]! && loss <= high[i]!).length / points.length;
    });
    process.stdout.write(`25M: intervals of 90 % hold ${(100 * mean(shares)).toFixed(0)} % of the unseen losses\n`);
    // What README and docs say of them.
    expect(mean(shares)).toBeGreaterThan(0.5);
    expect(mean(shares)).toBeLessThan(0.9);
  });
});
