import { ScheduleError, show, type Kind, type ScheduleErrorCode } from '@anneal/core';

/** An argument of a framework's constructor: its kind if it must be given, else its kind and the framework's default. */
export type Argument = Kind | readonly [kind: Kind, initial: unknown];

/** What {@link readArguments} gives for a table: the value of each argument, its default where it was left out. */
export type Arguments<T extends Readonly<Record<string, Argument>>> = {
  readonly [N in keyof T]: T[N] extends readonly [Kind<infer V>, infer D]
    ? V | D
    : T[N] extends Kind<infer V>
      ? V
      : never;
};

/**
 * Reads the arguments of one class or function of a framework.
 *
 * JSON's null stands for Python's None and means the same as leaving the argument out where None is its default. An
 * argument that the table does not know is refused by name, and so is one that breaks its rule.
 *
 * @param name - the class or function, for the error sentence
 * @param given - the arguments as they stand in the description
 * @param table - every argument that the framework knows
 * @param path - JSON pointer to `given` inside the description
 */
export function readArguments<const T extends Readonly<Record<string, Argument>>>(
  name: string,
  given: unknown,
  table: T,
  path: string,
): Arguments<T> {
  const args = readObject(name, given, path);
  for (const key of Object.keys(args)) {
    if (Object.hasOwn(table, key)) continue;
    const known = Object.keys(table).join(', ');
    throw refusal('unknownKey', `${name}: unknown argument ${show(key)}; known: ${known || 'none'}`, `${path}/${key}`);
  }
  const values = Object.entries(table).map(([key, argument]) => {
    const [kind, initial] = isPair(argument) ? argument : [argument, undefined];
    const value = args[key];
    if (value === undefined || (value === null && initial === null)) {
      if (isPair(argument)) return [key, initial];
      throw refuse('required', name, key, kind.rule, undefined, path);
    }
    const read = kind.read(value);
    if (read === undefined) throw refuse('invalid', name, key, kind.rule, value, path);
    return [key, read];
  });
  return Object.fromEntries(values) as Arguments<T>;
}

/** The error that refuses one argument: "OneCycleLR: pct_start must be a number in [0, 1]; received 1.5". */
export function refuse(
  code: ScheduleErrorCode,
  name: string,
  parameter: string,
  rule: string,
  received: unknown,
  path: string,
): ScheduleError {
  return new ScheduleError(
    code,
    `${path}/${parameter}`,
    `${name}: ${parameter} must be ${rule}; received ${show(received)}`,
    { type: name, parameter, rule, received },
  );
}

/** The error for what is no single argument's fault. */
export function refusal(code: ScheduleErrorCode, message: string, path: string): ScheduleError {
  return new ScheduleError(code, path, message);
}

/** The value if it is a plain object, else the refusal. */
export function readObject(name: string, value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw refusal('invalid', `${name}: ${path || 'the description'} must be an object; received ${show(value)}`, path);
}

const isPair = (argument: Argument): argument is readonly [kind: Kind, initial: unknown] => Array.isArray(argument);
