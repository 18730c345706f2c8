import type { Io } from '../src/io.ts';
import { run } from '../src/run.ts';

export interface Invoked {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command in this process and keeps what it printed. */
export async function invoke(words: readonly string[], more: Partial<Io> & { input?: string } = {}): Promise<Invoked> {
  const { input = '', ...rest } = more;
  let out = '';
  let err = '';
  const io: Io = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    stdin: async () => input,
    terminal: false,
    color: false,
    columns: 80,
    interruption: () => new AbortController().signal,
    ...rest,
  };
  return { code: await run(words, io), out, err };
}
