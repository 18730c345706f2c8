import { ScheduleError } from '../error.ts';

/** Bounds on JSON from outside: no schedule that a person writes comes near them. */
const maxDepth = 32;
const maxValues = 100_000;

/**
 * Refuses input that is nested deeper than 32 or holds more than 100,000 values, before anything else looks at it.
 * Without recursion into more than it allows, so neither depth, width nor a cycle can exhaust the stack or the memory.
 */
export function checkSize(json: unknown): void {
  let values = 0;
  const visit = (value: unknown, depth: number): void => {
    values += 1;
    if (depth > maxDepth || values > maxValues) {
      const what = depth > maxDepth ? `nested deeper than ${maxDepth}` : `of more than ${maxValues} values`;
      throw new ScheduleError('tooLarge', '', `the input is ${what}`);
    }
    if (typeof value !== 'object' || value === null) return;
    for (const key in value) if (Object.hasOwn(value, key)) visit((value as Record<string, unknown>)[key], depth + 1);
  };
  visit(json, 0);
}
