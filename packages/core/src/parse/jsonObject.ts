import { ScheduleError, show } from '../error.ts';
import { hint } from '../options/nearest.ts';
import { escaped } from '../plan/pointer.ts';

/** An object from JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The value as an object, or a refusal that says what must stand at `path`. */
export function asObject(value: unknown, path: string, what: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Promise))
    return value as JsonObject;
  return refuse(path, what, value);
}

/** An object with each member read; `__proto__` stays a key like any other, for the plan to refuse. */
export function mapObject<V>(
  value: unknown,
  path: string,
  what: string,
  read: (member: unknown, path: string) => V,
): Record<string, V> {
  const members = Object.entries(asObject(value, path, what));
  return Object.fromEntries(members.map(([key, member]) => [key, read(member, `${path}/${escaped(key)}`)]));
}

/** Refuses a value that breaks the rule of its place. */
export function refuse(path: string, rule: string, received: unknown): never {
  throw new ScheduleError(
    typeof received === 'function' ? 'function' : 'invalid',
    path,
    `${path || 'the input'} must be ${rule}; received ${show(received)}`,
    { rule, received },
  );
}

/** Refuses the first key that is not known. */
export function refuseUnknown(object: object, known: readonly string[], path: string, what: string): void {
  for (const key of Object.keys(object)) {
    if (known.includes(key)) continue;
    const message = `${path || 'the input'}: unknown key ${show(key)}${hint(key, known)}; ${what} has ${known.join(', ')}`;
    throw new ScheduleError('unknownKey', `${path}/${escaped(key)}`, message, { parameter: key });
  }
}
