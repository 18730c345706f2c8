// What resuming by "stretch" must do, over the registry: the rate in force is kept, or the way is refused.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createScheduler, planResume, scheduleDefinitions, ScheduleError, type Schedule } from '../src/index.ts';
import { create, optionsOf } from './optionArbitraries.ts';

const total = 200;

/** Resumes a run whose rate is `rate` at step `at` under a new schedule; undefined where that is refused. */
function stretched(schedule: Schedule, rate: number, at: number): Schedule | undefined {
  const state = createScheduler(rate, { startStep: at }).state();
  try {
    const { plan } = planResume(state, schedule, { onJump: 'stretch', maxJump: 0, totalSteps: total });
    const scheduler = createScheduler(plan);
    return (step) => scheduler.values(step).learningRate;
  } catch (error) {
    if (error instanceof ScheduleError && error.parameter === 'onJump') return undefined;
    throw error;
  }
}

/** All but the one that goes nowhere. */
const moving = scheduleDefinitions.filter(({ type }) => type !== 'constant');

describe.each(moving.map((definition) => [definition.type, definition] as const))('%s', (_, definition) => {
  test('is entered at the rate in force and ends where it ends', () => {
    fc.assert(
      fc.property(
        optionsOf(definition),
        fc.integer({ min: 1, max: total - 1 }),
        fc.double({ min: 0.02, max: 0.98, noNaN: true }),
        (options, at, share) => {
          const schedule = create(definition, options);
          const seen = Array.from({ length: total + 1 }, (__, step) => schedule(step));
          const [least, most] = [Math.max(0, Math.min(...seen)), Math.max(...seen)];
          const rate = least + share * (most - least);
          fc.pre(rate > 1e-9 && most - least > 1e-6 * most);
          const resumed = stretched(schedule, rate, at);
          // Between its least and its greatest value there is always a way in.
          expect(resumed, 'refused').toBeDefined();
          expect(Math.abs(resumed!(at) - rate)).toBeLessThanOrEqual(1e-8 * rate);
          // The last step is reached by a quotient; where the schedule jumps there or is upright, a hair decides.
          const ends = [1 - 1e-9, 1, 1 + 1e-9].map((hair) => schedule(hair * total));
          const isUpright = Math.max(...ends) - Math.min(...ends) > 1e-6 * most;
          if (!isUpright) expect(Math.abs(resumed!(total) - schedule(total))).toBeLessThanOrEqual(2e-6 * most);
        },
      ),
      { numRuns: 50 },
    );
  });
});
