import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// Within the repository, so that what it imports is found. Files share one process, as those of pure packages do.
const folder = mkdtempSync(join(resolve('scripts'), 'seed-'));
const out = join(folder, 'drawn.jsonl');

/** What one file drew, and how often its law was tried. */
interface Drawn {
  readonly file: string;
  readonly runs: number;
  readonly first: readonly number[];
  readonly random: number;
}

const file = (name: string, before: string): void =>
  writeFileSync(
    join(folder, `${name}.test.ts`),
    `import * as fc from 'fast-check';
import { appendFileSync } from 'node:fs';
import { expect, test } from 'vitest';
${before}
test('draws', () => {
  const drawn = [];
  fc.assert(fc.property(fc.nat(), (one) => void drawn.push(one)));
  appendFileSync(${JSON.stringify(out)}, JSON.stringify({ file: '${name}', runs: drawn.length, first: drawn.slice(0, 5), random: Math.random() }) + '\\n');
  expect(drawn.length).toBeGreaterThan(0);
});
`,
  );

function run(seed: string | undefined): { readonly told: string; readonly drawn: readonly Drawn[] } {
  writeFileSync(out, '');
  const { TEST_SEED: _, ...env } = process.env;
  const { stderr } = spawnSync(
    process.execPath,
    [resolve('node_modules/vitest/vitest.mjs'), 'run', '--config', join(folder, 'vitest.config.ts')],
    { env: { ...env, ...(seed !== undefined && { TEST_SEED: seed }) }, encoding: 'utf8' },
  );
  const drawn = readFileSync(out, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Drawn);
  return { told: stderr, drawn: drawn.toSorted((a, b) => a.file.localeCompare(b.file)) };
}

describe('what tests draw', { timeout: 60_000 }, () => {
  beforeAll(() => {
    file('a', 'fc.configureGlobal({ ...fc.readConfigureGlobal(), numRuns: 7 });');
    file('b', '');
    file('c', 'fc.configureGlobal({ numRuns: 3, seed: 5 });');
    writeFileSync(
      join(folder, 'vitest.config.ts'),
      `import { defineConfig } from 'vitest/config';
import { seeded } from '../testSeed.ts';
export default defineConfig({ root: ${JSON.stringify(folder)}, test: { ...seeded, isolate: false, maxWorkers: 1, fileParallelism: false } });
`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is the same in every run, and tried as often as each file says, whatever another file has configured', () => {
    const [first, second] = [run(undefined), run(undefined)];
    expect(first.told).toContain('tests draw from the seed 20 (TEST_SEED=20 repeats them');
    expect(first.drawn.map(({ runs }) => runs)).toEqual([7, 100, 3]);
    expect(second).toEqual(first);
    // Files that draw at the same time do not draw the same.
    expect(new Set(first.drawn.map(({ random }) => random)).size).toBe(3);
  });

  test('is what a seed says, and another with another seed', () => {
    const [one, again, other] = [run('7'), run('7'), run('8')];
    expect(again).toEqual(one);
    expect(other.drawn[1]!.first).not.toEqual(one.drawn[1]!.first);
    expect(other.drawn[1]!.random).not.toBe(one.drawn[1]!.random);
    const [anew, anewAgain] = [run('random'), run('random')];
    expect(anewAgain.drawn[1]!.first).not.toEqual(anew.drawn[1]!.first);
    const [, told] = /from the seed (\d+) /.exec(anew.told)!;
    expect(run(told).drawn).toEqual(anew.drawn);
  });

  test('is refused from a seed that is none', () => {
    expect(run('seven').told).toContain('TEST_SEED must be a whole number below 2^31, or "random"; received "seven"');
  });
});
