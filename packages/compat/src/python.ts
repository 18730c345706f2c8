import { ScheduleError } from '@anneal/core';

/** A number as a Python float: JavaScript's shortest form reads back exactly, and `1` must not become an int. */
export function pythonFloat(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A number as Python writes it: whole ones as int. */
export function pythonNumber(value: number): string {
  return Number.isInteger(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) : pythonFloat(value);
}

/** A list of texts as a Python list. */
export const pythonList = (items: readonly string[]): string => `[${items.join(', ')}]`;

/** A call with keyword arguments; those that are undefined are left out. */
export function pythonCall(name: string, args: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(args).filter(([, text]) => text !== undefined);
  return `${name}(${given.map(([key, text]) => `${key}=${text}`).join(', ')})`;
}

/** The refusal of what a framework has no form for; `type` is the schedule's, `why` completes "… has no form in F: …". */
export function noForm(framework: string, type: string, why: string, path = ''): ScheduleError {
  return new ScheduleError('invalid', path, `${type} has no form in ${framework}: ${why}`, { type });
}

/** A dict with text keys; values that are undefined are left out. */
export function pythonDict(items: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(items).filter(([, text]) => text !== undefined);
  return `{${given.map(([key, text]) => `"${key}": ${text}`).join(', ')}}`;
}
