#!/usr/bin/env node
import process from 'node:process';
import { text } from 'node:stream/consumers';
import type { Io } from './io.ts';
import { run } from './run.ts';

/** Aborted by the first Ctrl-C, which asks to end cleanly; the second ends at once. */
function interruption(): AbortSignal {
  const stop = new AbortController();
  process.on('SIGINT', () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });
  return stop.signal;
}

// Whoever reads may stop early: `anneal sample … | head`.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

const io: Io = {
  out: (written) => void process.stdout.write(written),
  err: (written) => void process.stderr.write(written),
  stdin: () => text(process.stdin),
  terminal: process.stderr.isTTY && process.env['TERM'] !== 'dumb',
  color: process.stdout.isTTY && process.env['NO_COLOR'] === undefined && process.env['TERM'] !== 'dumb',
  // A terminal that does not know its width says 0.
  columns: process.stdout.columns || process.stderr.columns || 80,
  interruption,
};

process.exitCode = await run(process.argv.slice(2), io);
