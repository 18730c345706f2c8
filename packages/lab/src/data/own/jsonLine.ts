import type { Example } from './examples.ts';
import { refuseField, shown, type Place } from './place.ts';

/** One line of a JSONL file: an object with a value for each field, nested as its shape is. Undefined for an empty line. */
export function jsonLine(line: string, place: Place): Example | undefined {
  if (line.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    return refuseField(place, 'the line', `must be JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuseField(place, 'the line', `must be a JSON object, {"field": value, …}; received ${shown(value)}`);
  return value as Example;
}
