import { ScheduleError } from '@anneal/core';

/** The error with which a reader refuses a description; fails where it takes it. */
export function refusal<D>(read: (description: D) => unknown, description: D): ScheduleError {
  try {
    read(description);
  } catch (error) {
    if (error instanceof ScheduleError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}
