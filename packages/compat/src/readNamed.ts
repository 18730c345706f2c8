import { readObject, refusal, refuse } from './readArguments.ts';

/** A description as most frameworks have it: the name of a class or function, its arguments, the optimizer's rate. */
export interface Named {
  readonly name: string;
  readonly args: unknown;
  /** The rate, where the description has one. */
  readonly lr: unknown;
}

/**
 * Splits `{ "name": …, "args": …, "lr": … }`; a key that is not among `keys` is refused.
 *
 * @param framework - for the error sentence
 */
export function readNamed(framework: string, description: unknown, path: string, keys: readonly string[]): Named {
  checkDepth(framework, path);
  const given = readObject(framework, description, path);
  const unknown = Object.keys(given).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    const message = `${framework}: unknown key ${JSON.stringify(unknown)}; known: ${keys.join(', ')}`;
    throw refusal('unknownKey', message, `${path}/${unknown}`);
  }
  const { name, args, lr } = given;
  if (typeof name !== 'string') throw refuse('required', framework, 'name', 'the name of a scheduler', name, path);
  return { name, args: args ?? {}, lr };
}

/** The optimizer's rate of a description, which a scheduler that multiplies it needs. */
export function readRate(name: string, lr: unknown, path: string): number {
  if (typeof lr === 'number' && lr >= 0 && lr < Infinity) return lr;
  throw refuse(lr === undefined ? 'required' : 'invalid', name, 'lr', "a number >= 0, the optimizer's rate", lr, path);
}

/** No schedulers are nested deeper than this in earnest. */
const maxDepth = 16;

/** Refuses a description nested without end; each level adds two or three names to the path. */
export function checkDepth(framework: string, path: string): void {
  const depth = path.split('/args/').length - 1;
  if (depth > maxDepth) throw refusal('tooLarge', `${framework}: schedulers nested deeper than ${maxDepth}`, path);
}

/** What a table holds under a name, or the refusal that lists the names. */
export function pick<T>(framework: string, table: Readonly<Record<string, T>>, name: string, path: string): T {
  if (Object.hasOwn(table, name)) return table[name]!;
  const known = Object.keys(table).join(', ');
  const message = `${framework}: unknown scheduler ${JSON.stringify(name)}; known: ${known}`;
  throw refusal('unknownType', message, `${path}/name`);
}
