import { parseArgs, type ArgsDef, type CommandMeta, type ParsedArgs } from 'citty';
import type { Io } from './io.ts';
import { UsageError } from './usageError.ts';

/** A command as data: what it is called, what it takes, what it does. `run` resolves with the exit code. */
export interface Command<A extends ArgsDef = ArgsDef, Args = never> {
  readonly meta: CommandMeta & { readonly name: string; readonly description: string };
  readonly args: A;
  /** Whether more positional arguments may follow the declared one. */
  readonly many?: boolean;
  readonly run: (args: Args, io: Io) => Promise<number>;
}

/** Gives `run` the types of the arguments that `args` declares. */
export const command = <const A extends ArgsDef>(definition: Command<A, ParsedArgs<A>>): Command => definition;

/** Arguments as a command declares them; unknown flags, flags without value and extra words are refused. */
export function readArguments({ args, many = false }: Command, words: readonly string[]): ParsedArgs {
  const flags = Object.entries(args).filter(([, { type }]) => type !== 'positional');
  const positionals = Object.entries(args).filter(([, { type }]) => type === 'positional');
  const given = parseArgs([...words], Object.fromEntries(flags));
  for (const [name, value] of Object.entries<unknown>(given)) {
    if (name === '_') continue;
    const flag = flags.find(([known]) => known === name || camel(known) === name);
    if (flag === undefined) {
      const known = flags.map(([one]) => `--${one}`).join(', ');
      throw new UsageError(`unknown flag ${name.length === 1 ? '-' : '--'}${name}; known: ${known}`);
    }
    const [long] = flag;
    if (words.filter((word) => word === `--${long}` || word.startsWith(`--${long}=`)).length > 1)
      throw new UsageError(`--${long} is given twice`);
    if (value === '' && flag[1].type !== 'boolean') throw new UsageError(`--${name} needs a value`);
  }
  const extra = many ? undefined : given._[positionals.length];
  if (extra !== undefined) throw new UsageError(`unexpected argument ${JSON.stringify(extra)}`);
  const missing = positionals.find(([, { required }], i) => required !== false && given._[i] === undefined);
  if (missing !== undefined) throw new UsageError(`<${missing[0]}> is missing`);
  return parseArgs([...words], args);
}

const camel = (name: string): string => name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
