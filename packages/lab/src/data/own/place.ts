import { LabError } from '../../labError.ts';

/** Where an example stands. */
export interface Place {
  readonly file: string;
  /** From 1; left out where the file is the example. */
  readonly line?: number;
}

/** Ends with the sentence that names file, line and field. */
export function refuseField({ file, line }: Place, field: string, what: string): never {
  throw new LabError('data', `${file}${line === undefined ? '' : `:${line}`}: ${field} ${what}`);
}

/** A value as it stands in a sentence, cut where it is long. */
export function shown(value: unknown): string {
  // JSON has no Infinity and NaN, and would call them null.
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
