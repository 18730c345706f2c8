import { ScheduleError, type ScheduleErrorCode } from '@anneal/core';

/** Throws the one error of this package: core's, with a sentence that begins with the function that refuses. */
export function refuse(code: ScheduleErrorCode, path: string, message: string, received?: unknown): never {
  throw new ScheduleError(code, path, message, { received });
}
