import { describe, expect, test } from 'vitest';
import { cosineDecay, createParser, parsePlan, planToJSON, ScheduleError, warmup } from '../index.ts';

const digits = {
  type: 'warmup',
  warmupSteps: '10%',
  schedule: { type: 'cosineDecay', initValue: 0.1, decaySteps: '5ep' },
};

describe('a schedule from JSON', () => {
  test('resolves epochs and percentages by the horizon', () => {
    const plan = parsePlan(digits, { totalSteps: 1000, stepsPerEpoch: 20 });
    expect(planToJSON(plan)).toEqual({
      learningRate: {
        type: 'warmup',
        warmupSteps: 100,
        schedule: { type: 'cosineDecay', initValue: 0.1, decaySteps: 100 },
      },
    });
  });

  test.each([
    [
      { type: 'cosineDecay', initValue: 0.1, decaySteps: 0 },
      'cosineDecay: decaySteps must be a number > 0; received 0',
      '/decaySteps',
    ],
    [
      { type: 'cosineDecay', initValue: Number.NaN, decaySteps: 9 },
      'cosineDecay: initValue must be a number >= 0; received NaN',
      '/initValue',
    ],
    [{ type: 'cosineDecay', initValue: 0.1 }, 'cosineDecay: decaySteps is required: a number > 0', '/decaySteps'],
    [
      { type: 'cosineDecay', initValue: 0.1, decaySteps: 9, tmax: 1 },
      'cosineDecay: unknown option "tmax"; known: initValue, endValue, decaySteps',
      '/tmax',
    ],
    [{ ...digits, schedule: 0.1 }, '/warmupSteps: "10%" needs a horizon: totalSteps is not known here', '/warmupSteps'],
    [
      { ...digits, warmupSteps: 5 },
      '/schedule/decaySteps: "5ep" needs a horizon: stepsPerEpoch is not known here',
      '/schedule/decaySteps',
    ],
    [
      { type: 'warmup', warmupSteps: 5, schedule: { type: 'constant', value: -1 } },
      'constant: value must be a number >= 0; received -1',
      '/schedule/value',
    ],
    [
      { learningRate: { type: 'constant', value: 1 }, momentun: 0.9 },
      'the input: unknown key "momentun"; a plan has learningRate, momentum, beta1, beta2, weightDecay',
      '/momentun',
    ],
    [() => 0.1, 'the input must be a schedule or a plan; received a function', ''],
    [
      { schedule: 1 },
      'the input: unknown key "schedule"; a plan has learningRate, momentum, beta1, beta2, weightDecay',
      '/schedule',
    ],
  ])('%j is refused by one sentence', (json, message, path) => {
    const error = caught(() => parsePlan(json));
    expect(error.message).toBe(message);
    expect(error.path).toBe(path);
  });

  test('a smaller parser knows its own definitions only', () => {
    const parse = createParser([cosineDecay, warmup]);
    expect(caught(() => parse({ type: 'linear', initValue: 1, decaySteps: 2 })).message).toBe(
      'the schedule: unknown type "linear"; known: cosineDecay, warmup',
    );
  });

  test('hostile nesting and size end in an error, not in a crash', () => {
    let deep: unknown = 0.1;
    for (let i = 0; i < 10_000; i += 1) deep = { type: 'warmup', warmupSteps: 1, schedule: deep };
    expect(caught(() => parsePlan(deep)).code).toBe('tooLarge');
    const wide = { type: 'sequence', schedules: Array.from({ length: 200_000 }, () => 1), boundaries: [] };
    expect(caught(() => parsePlan(wide)).code).toBe('tooLarge');
  });
});

function caught(action: () => unknown): ScheduleError {
  try {
    action();
  } catch (error) {
    if (error instanceof ScheduleError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
