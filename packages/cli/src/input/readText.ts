import { readFile } from 'node:fs/promises';
import type { Io } from '../io.ts';
import { UsageError } from '../usageError.ts';

/** The text behind an argument: itself where it begins with one of `inline`, standard input for `-`, else a file. */
export async function readText(argument: string, inline: string, io: Io): Promise<string> {
  const first = argument.trimStart()[0];
  if (first !== undefined && inline.includes(first)) return argument;
  if (argument === '-') return io.stdin();
  try {
    return await readFile(argument, 'utf8');
  } catch (cause) {
    const { code } = cause as { readonly code?: string };
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code ?? 'unknown error'})`;
    throw new UsageError(`${argument}: ${why}`, { cause });
  }
}

/** The JSON behind an argument; see {@link readText}. */
export async function readJson(argument: string, inline: string, io: Io): Promise<unknown> {
  const text = await readText(argument, inline, io);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const name = text === argument ? 'the inline text' : argument === '-' ? 'standard input' : argument;
    throw new UsageError(`${name} is not JSON: ${(cause as Error).message}`, { cause });
  }
}
