import type { Schedule } from '../schedule.ts';

/**
 * Writes the values at consecutive steps into an array and returns it: `out[i] = schedule(start + i)`.
 *
 * @example
 * fill(linear({ initValue: 1, decaySteps: 4 }), new Float64Array(3), 2); // [0.5, 0.25, 0]
 */
export function fill(schedule: Schedule, out: Float64Array, start = 0): Float64Array {
  for (let i = 0; i < out.length; i += 1) out[i] = schedule(start + i);
  return out;
}
