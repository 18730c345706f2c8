import type { Kind } from '../definition/kind.ts';
import type { Schedule } from '../schedule.ts';
import { child } from './child.ts';

/**
 * A schedule on a slower clock: one of its steps takes as many as the option `unit` says.
 *
 * @example
 * childIn('stepsPerEpoch').unit; // 'stepsPerEpoch'
 */
// @__NO_SIDE_EFFECTS__
export const childIn = (unit: string): Kind<Schedule> => ({ ...child, unit });
