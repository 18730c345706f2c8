import { ScheduleError } from '@anneal/core';

/** The sentence with which something is refused; any other error passes through. */
export function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ScheduleError) return error.message;
    throw error;
  }
  return 'nothing was refused';
}
