import { ScheduleError } from '../error.ts';

/** The method that JSON.stringify asks for: the spec, unless a bare function stands in it, which would be left out without a word. */
export function toJSON<Spec>(this: { readonly spec: Spec }): Spec {
  JSON.stringify(this.spec, refuseFunctions);
  return this.spec;
}

function refuseFunctions(key: string, value: unknown): unknown {
  if (typeof value !== 'function') return value;
  throw new ScheduleError(
    'function',
    `/${key}`,
    `${key}: a bare function has no JSON form; make it with defineSchedule`,
    { received: value },
  );
}
