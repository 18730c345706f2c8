import type { Schedule } from '../schedule.ts';

/**
 * The budget of a run: the sum of the values that its updates see, v(start) + … + v(start + steps − 1).
 *
 * A sum and not the area under the curve between steps, since updates are what moves the weights; the unit is that of
 * the value times updates. Compensated summation (Neumaier 1974) keeps its error at a few units in the last place,
 * however many steps there are.
 *
 * @example
 * integral(linear({ initValue: 1, decaySteps: 4 }), 4); // 2.5
 */
export function integral(schedule: Schedule, steps: number, start = 0): number {
  let sum = 0;
  let lost = 0;
  for (let step = start; step < start + steps; step += 1) {
    const value = schedule(step);
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  // A sum that is not finite has lost nothing that could be given back.
  return Number.isFinite(sum) ? sum + lost : sum;
}
