import { ScheduleError } from '../src/index.ts';

/** The error of core that an action ends in; fails where it ends in none or in another. */
export function caught(action: () => unknown): ScheduleError {
  try {
    action();
  } catch (error) {
    if (error instanceof ScheduleError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
