import { expect, test } from 'vitest';
import { designSchedule, lossModel } from '../src/index.ts';
import { nonIncreasing } from '../src/design/nonIncreasing.ts';
import { readObjective } from '../src/design/readObjective.ts';
import { uniforms } from '../src/law/uniforms.ts';
import { publishedParameters, publishedSchedule } from './publishedCurves.ts';

test.each(Object.entries(publishedParameters))(
  'by the published law of %s million parameters the design beats the schedules of that run',
  (_, parameters) => {
    const [steps, warmupSteps, peak] = [24_000, 2160, 3e-4];
    const model = lossModel('multiPowerLaw', parameters);
    const { schedule, value } = designSchedule({ type: 'law', model }, { steps, warmupSteps, peak });
    for (const name of ['cosine_24000', 'wsd_20000_24000', 'wsdld_20000_24000'])
      expect(value).toBeLessThanOrEqual(model.predict(publishedSchedule(name), { steps, at: [steps] }).loss[0]!);

    const rates = Float64Array.from({ length: steps }, (__, t) => schedule(t));
    const { value: valueOf } = readObjective('test', { type: 'law', model }, steps);
    const uniform = uniforms(3);
    let best = Infinity;
    for (let trial = 0; trial < 1000; trial += 1) {
      // A bump of any place, width and sign, then back among what never rises from the peak.
      const middle = warmupSteps + uniform() * (steps - warmupSteps);
      const width = 10 ** (1 + 3 * uniform());
      const height = (uniform() - 0.5) * peak * 10 ** (-3 * uniform());
      const moved = rates
        .slice(warmupSteps)
        .map((rate, i) => rate + height * Math.exp(-(((i + warmupSteps - middle) / width) ** 2)));
      const allowed = rates.slice();
      allowed.set(nonIncreasing(moved, 0, peak), warmupSteps);
      best = Math.min(best, valueOf(allowed));
    }
    expect(best).toBeGreaterThan(value - 1e-5);
  },
);
