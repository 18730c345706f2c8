/** What went wrong, for programs: the sentence in `message` is for people. */
export type LabErrorCode =
  | 'unknown' // a task, backend or optimizer that does not exist
  | 'missing' // a backend whose framework is not installed or not usable here
  | 'unsupported' // an operator of a model that a backend does not run or differentiate
  | 'invalid' // a setting that breaks its rule
  | 'checkpoint' // a checkpoint that cannot be read or belongs to another run
  | 'data' // a person's model or data: file, line and field
  | 'failed' // a trial that threw while it trained
  | 'files'; // a directory that cannot be written or read

/** The one error of the lab: a sentence that names the thing, the rule and what was received. */
export class LabError extends Error {
  override readonly name = 'LabError';
  readonly code: LabErrorCode;

  constructor(code: LabErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Looks a name up in a table; throws a {@link LabError} that lists what exists. */
export function known<V>(what: string, name: string, table: Readonly<Record<string, V>>): V {
  const value = Object.hasOwn(table, name) ? table[name] : undefined;
  if (value !== undefined) return value;
  throw new LabError('unknown', `unknown ${what} ${JSON.stringify(name)}; known: ${Object.keys(table).join(', ')}`);
}
