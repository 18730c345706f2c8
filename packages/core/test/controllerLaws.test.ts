// What every controller of the package must do, over the registry.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { caught } from './caught.ts';
import {
  controllerDefinitions,
  greedy,
  parsePlan,
  reduceOnPlateau,
  spikeGuard,
  type Controller,
  type Json,
  type Track,
} from '../src/index.ts';
import { agreed, create, isAccepted, isWitnessed, kindOf, optionsOf, valueOf } from './optionArbitraries.ts';

const anyMetric = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 0, max: 5, noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, -1, 0.5) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity, 1e308, -1e308) },
);
/** A metric that wanders in small steps, as a loss does. */
const walk = fc
  .array(fc.double({ min: -0.2, max: 0.15, noNaN: true }), { minLength: 40, maxLength: 120 })
  .map((moves) => {
    let metric = 2;
    return moves.map((move) => (metric += Math.abs(move) < 0.05 ? 0 : move));
  });
const trace = fc.oneof(fc.array(anyMetric, { minLength: 1, maxLength: 80 }), walk);

/** Reports a trace, one metric a step; the factors after each. */
function factors(controller: Controller, metrics: readonly number[], value = 0.1): number[] {
  let state = controller.init();
  return metrics.map((metric, step) => {
    state = controller.observe(frozen(state), metric, { step: step + 1, value });
    return controller.factor(state, { step: step + 1, value });
  });
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}

describe.each(controllerDefinitions.map((definition) => [definition.type, definition] as const))(
  '%s',
  (type, definition) => {
    const options = optionsOf(definition);

    test('yields a finite factor >= 0 and a state that JSON holds, whatever is reported', () => {
      fc.assert(
        fc.property(options, trace, fc.constantFrom(0, 0.1, 1e-300, 1e300), (given, metrics, value) => {
          const controller = create(definition, given);
          let state = controller.init();
          metrics.forEach((metric, step) => {
            state = controller.observe(frozen(state), metric, { step, value });
            expect(JSON.parse(JSON.stringify(state))).toEqual(state);
            const factor = controller.factor(state, { step, value });
            expect(factor >= 0 && factor < Infinity, `${type}: factor ${factor}`).toBe(true);
          });
        }),
      );
    });

    test('goes on from a state that went through JSON as if nothing had happened', () => {
      fc.assert(
        fc.property(options, trace, trace, (given, before, after) => {
          const controller = create(definition, given);
          const at = (step: number): { step: number; value: number } => ({ step, value: 0.1 });
          let state = controller.init();
          before.forEach((metric, step) => (state = controller.observe(state, metric, at(step))));
          let other = JSON.parse(JSON.stringify(state)) as Json;
          after.forEach((metric, i) => {
            state = controller.observe(state, metric, at(before.length + i));
            other = controller.observe(other, metric, at(before.length + i));
          });
          expect(other).toEqual(state);
        }),
      );
    });

    test('survives JSON', () => {
      fc.assert(
        fc.property(options, trace, (given, metrics) => {
          const controller = create(definition, given);
          const text = JSON.stringify({ learningRate: { schedule: 1, controllers: { it: { use: controller } } } });
          const track = parsePlan(JSON.parse(text)).learningRate as Track;
          const { use } = track.controllers!['it']!;
          expect(JSON.stringify(use)).toBe(JSON.stringify(controller));
          expect(factors(use, metrics)).toEqual(factors(controller, metrics));
        }),
      );
    });

    test.each(Object.keys(definition.params).filter((name) => name !== 'monitor'))('%s changes some factor', (name) => {
      const other = valueOf(kindOf(definition.params[name]!));
      const isSeen = isWitnessed(fc.tuple(options, other, trace), ([given, value, metrics]) => {
        const changed = agreed(definition, { ...given, [name]: value });
        const same = Object.keys({ ...given, ...changed }).every((key) => key === name || given[key] === changed[key]);
        if (!same || given[name] === changed[name] || !isAccepted(definition, changed)) return false;
        const [one, two] = [factors(create(definition, given), metrics), factors(create(definition, changed), metrics)];
        return one.some((factor, i) => factor !== two[i]);
      });
      expect(isSeen, `no value of ${name} was seen to change anything`).toBe(true);
    });

    test('monitor is the metric that it reads', () => {
      expect(create(definition, {}).monitor).toBe(type === 'spikeGuard' ? 'batchLoss' : 'loss');
      expect(create(definition, { monitor: 'accuracy' }).monitor).toBe('accuracy');
    });

    test('refuses every invalid option with a sentence that names it', () => {
      for (const [name, param] of Object.entries(definition.params)) {
        for (const wrong of [null, '', {}, [], Number.NaN, -1]) {
          const { kind, rule } = kindOf(param);
          const error = caught(() => create(definition, { [name]: wrong }));
          expect(error, `${name} (${kind}) ${JSON.stringify(wrong)}`).toMatchObject({
            code: 'invalid',
            type,
            parameter: name,
            rule,
          });
          expect(error.message).toMatch(`${type}: ${name} must be ${rule}; received `);
        }
      }
      expect(caught(() => create(definition, { surplus: 1 })).code).toBe('unknownKey');
    });
  },
);

test.each([
  [() => reduceOnPlateau({ thresholdMode: 'absolute', extraThreshold: 1 }), 'extraThreshold'],
  [() => reduceOnPlateau({ thresholdMode: 'shiftedMetric', extraThreshold: 1 }), 'extraThreshold'],
  [() => greedy({ changeFactor: 1 }), 'changeFactor'],
  [() => greedy({ changeFactor: 0 }), 'changeFactor'],
  [() => greedy({ minValue: 2, maxValue: 1 }), 'maxValue'],
  [() => greedy({ minFactor: 2 }), 'minFactor'],
  [() => greedy({ maxFactor: 0.5 }), 'maxFactor'],
  [() => spikeGuard({ waitSteps: 0, rewarmSteps: 0 }), 'rewarmSteps'],
  [() => spikeGuard({ cutFactor: 1 }), 'cutFactor'],
])('a contradiction is refused by the parameter to blame', (make, parameter) => {
  expect(caught(make)).toMatchObject({ code: 'contradiction', parameter });
});
