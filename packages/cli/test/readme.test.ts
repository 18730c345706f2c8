import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { invoke } from './invoke.ts';

// Real training, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const before = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'anneal-readme-'));
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const blocks = [...text.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block]) => block!);
/** A command and what stands under it. */
const commands = blocks.flatMap((block) =>
  block
    .split(/^\$ anneal /m)
    .slice(1)
    .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)] as const),
);

test.each(commands)('anneal %s', async (line, output) => {
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);
  const { code, out, err } = await invoke(words);
  // Training prints speeds and progress, which differ from run to run.
  const printed = words[0] === 'train' ? output : out + err;
  expect({ code, printed }).toEqual({ code: 0, printed: output });
});

test('every command is there', () => {
  expect(commands.map(([line]) => line.split(' ')[0])).toEqual(
    expect.arrayContaining(['sample', 'plot', 'lint', 'convert', 'train']),
  );
});
