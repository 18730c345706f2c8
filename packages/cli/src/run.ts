import { stripVTControlCharacters } from 'node:util';
import { renderUsage, type CommandDef } from 'citty';
import { readArguments, type Command } from './command.ts';
import type { Io } from './io.ts';
import { UsageError } from './usageError.ts';
import { version } from './version.ts';

/** Every command, loaded when it is wanted: what looks at schedules needs no backend. */
const commands: Readonly<Record<string, { readonly description: string; load(): Promise<Command> }>> = {
  sample: {
    description: 'Print the values of a schedule, step by step',
    load: async () => (await import('./commands/sample.ts')).sample,
  },
  plot: {
    description: 'Draw schedules in the terminal or as SVG',
    load: async () => (await import('./commands/plot.ts')).plot,
  },
  lint: {
    description: 'Look for mistakes in a schedule; exit code 1 if there are any',
    load: async () => (await import('./commands/lint.ts')).lint,
  },
  convert: {
    description: "Translate a schedule between JSON and a framework's own words",
    load: async () => (await import('./commands/convert.ts')).convert,
  },
  train: {
    description: 'Train a task under a schedule on one or more backends',
    load: async () => (await import('./commands/train.ts')).train,
  },
};

/**
 * Runs the command line `anneal …` and resolves with the exit code: 0 done, 1 findings of lint, 2 an error (one
 * sentence on standard error), 130 stopped by the person.
 */
export async function run(words: readonly string[], io: Io): Promise<number> {
  try {
    const [name, ...rest] = words;
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      io.out(plain(await overview(), io));
      return name === undefined ? 2 : 0;
    }
    if (name === '--version') {
      io.out(`${version}\n`);
      return 0;
    }
    const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (entry === undefined)
      throw new UsageError(`unknown command ${JSON.stringify(name)}; known: ${Object.keys(commands).join(', ')}`);
    const command = await entry.load();
    if (rest.includes('--help') || rest.includes('-h')) {
      io.out(plain(`${await usage(command)}\n`, io));
      return 0;
    }
    return await command.run(readArguments(command, rest) as never, io);
  } catch (error) {
    io.err(`anneal: ${sentence(error)}\n`);
    return 2;
  }
}

const root = { name: 'anneal', version, description: 'Learning-rate schedules: look at them, train with them' };

async function overview(): Promise<string> {
  const subCommands = Object.fromEntries(
    Object.entries(commands).map(([name, { description }]): [string, CommandDef] => [
      name,
      { meta: { name, description } },
    ]),
  );
  return `${await renderUsage({ meta: root, subCommands })}\n`;
}

async function usage({ meta, args }: Command): Promise<string> {
  return renderUsage({ meta, args }, { meta: root });
}

/** Text without colours where they would be read as letters. */
const plain = (text: string, io: Io): string =>
  (io.color ? text : stripVTControlCharacters(text)).replaceAll(/ +$/gm, '');

/** An error as one line. */
function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s*\n\s*/g, ' ');
}
