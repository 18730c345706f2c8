import { cosineDecay, linear, piecewiseConstant, warmup } from '@anneal/core';
import { describe, expect, test } from 'vitest';
import { series } from '../rates/rates.ts';
import { courseOf } from './course.ts';
import { lossModel, laws, type LawName, type LawParameters } from './lossModel.ts';

const schedule = warmup({
  warmupSteps: 20,
  schedule: cosineDecay({ initValue: 0.01, endValue: 0.001, decaySteps: 180 }),
});
const parameters: LawParameters = {
  multiPowerLaw: { l0: 3, a: 0.6, alpha: 0.5, b: 40, c: 2, beta: 0.6, gamma: 0.65 },
  momentumLaw: { l0: 3, a: 0.6, alpha: 0.5, c: 0.5, tau: 30 },
};
const etas = series('test', 'schedule', schedule, 200);

/** The laws as their papers write them, sum by sum; the update numbered t in the papers is the (t + 1)-th. */
const written: Record<LawName, (at: number) => number> = {
  multiPowerLaw(at) {
    const { l0, a, alpha, b, c, beta, gamma } = parameters.multiPowerLaw;
    const sum = (from: number): number => etas.slice(from, at).reduce((all, eta) => all + eta, 0);
    let lowered = 0;
    for (let k = 1; k < at; k += 1)
      lowered += (etas[k - 1]! - etas[k]!) * (1 - (1 + c * etas[k]! ** -gamma * sum(k)) ** -beta);
    return l0 + a * sum(0) ** -alpha - b * lowered;
  },
  momentumLaw(at) {
    const { l0, a, alpha, c, tau } = parameters.momentumLaw;
    const lambda = Math.exp(-1 / tau);
    let lowered = 0;
    for (let i = 1; i < at; i += 1)
      for (let k = 1; k <= i; k += 1) lowered += (etas[k - 1]! - etas[k]!) * lambda ** (i - k);
    return l0 + a * etas.slice(0, at).reduce((all, eta) => all + eta, 0) ** -alpha - c * lowered;
  },
};

const names = Object.keys(laws) as LawName[];

describe.each(names)('%s', (name) => {
  const model = lossModel(name, parameters[name]);

  test('is what its paper writes', () => {
    const { at, loss } = model.predict(schedule, { steps: 200, at: [1, 5, 19, 20, 21, 80, 199] });
    expect([...at]).toEqual([1, 5, 19, 20, 21, 80, 199, 200]);
    for (const [i, step] of at.entries()) expect(loss[i]).toBeCloseTo(written[name](step), 12);
  });

  test('has the slopes of central differences', () => {
    const law = laws[name];
    const values = law.parameters.map((parameter) => (parameters[name] as Record<string, number>)[parameter]!);
    const course = courseOf(etas, [5, 30, 200]);
    const slopes = new Float64Array(3 * values.length);
    law.evaluate(course, values, new Float64Array(3), slopes);
    values.forEach((value, j) => {
      const at = (factor: number): Float64Array => {
        const loss = new Float64Array(3);
        law.evaluate(course, values.with(j, value * factor), loss);
        return loss;
      };
      const h = 1e-5;
      const [up, down] = [at(Math.exp(h)), at(Math.exp(-h))];
      for (let i = 0; i < 3; i += 1)
        expect(slopes[i * values.length + j]).toBeCloseTo((up[i]! - down[i]!) / (2 * h), 7);
    });
  });

  test('does not notice in which unit rates are counted', () => {
    const law = laws[name];
    const rescaled = law.rescale(parameters[name], 100);
    const scaled = lossModel(name, rescaled as never).predict((t) => 100 * schedule(t), { steps: 200 });
    const { loss } = model.predict(schedule, { steps: 200 });
    scaled.loss.forEach((value, i) => expect(value).toBeCloseTo(loss[i]!, 12));
  });

  test('stays finite where the rate goes to 0, and where it is 0 for a while', () => {
    for (const one of [
      linear({ initValue: 0.1, endValue: 0, decaySteps: 50 }),
      piecewiseConstant({ boundaries: [10, 20], values: [0.1, 0, 0.1] }),
      piecewiseConstant({ boundaries: [10], values: [0, 0.1] }),
    ])
      expect(model.predict(one, { steps: 60 }).loss.every(Number.isFinite)).toBe(true);
  });

  test('refuses parameters that are not its own', () => {
    const given = parameters[name] as unknown as Record<string, number>;
    expect(() => lossModel(name, { ...given, l0: 0 } as never)).toThrow(
      'lossModel: l0 must be a finite number > 0; received 0',
    );
    expect(() => lossModel(name, { ...given, alpha: undefined } as never)).toThrow('alpha must be a finite number > 0');
    expect(() => lossModel(name, { ...given, delta: 1 } as never)).toThrow('unknown option "delta"');
    expect(() => model.predict(0, { steps: 5 })).toThrow(
      'schedule must be above 0 at some step of the run; received 0',
    );
  });
});

test('an unknown law is refused with those that are known', () => {
  expect(() => lossModel('powerLaw' as never, {} as never)).toThrow(
    'law must be one of multiPowerLaw, momentumLaw; received "powerLaw"',
  );
});
