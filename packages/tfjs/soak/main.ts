/**
 * Removes each workaround in turn and runs its tests: every one must then fail. A workaround whose test still passes
 * would be untested, and one whose text is no longer in the source would not be removed; both end with exit code 1.
 *
 * At last 10,000 updates are made in each style of loop.
 *
 * Run from the repository's root: npx tsx packages/tfjs/soak/main.ts [part of a name]
 */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { workarounds } from './traps.ts';

const here = fileURLToPath(new URL('..', import.meta.url));
const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url));
const wanted = Object.entries(workarounds).filter(([name]) => name.includes(process.argv[2] ?? ''));

let failed = 0;
for (const [name, { file, find, test }] of wanted) {
  const verdict =
    readFileSync(here + file, 'utf8').split(find).length === 2 ? run(name, test) : `not found once in ${file}`;
  if (verdict !== 'fails') failed++;
  process.stdout.write(`${verdict === 'fails' ? 'ok  ' : 'BAD '} without "${name}" its test ${verdict}\n`);
}
if (process.argv[2] === undefined) {
  const { status } = vitest('test/loops.test.ts', [], { ANNEAL_SOAK_STEPS: '10000' }, 1_800_000);
  if (status !== 0) failed++;
  process.stdout.write(
    `${status === 0 ? 'ok  ' : 'BAD '} 10,000 updates in each style of loop leave no tensor behind\n`,
  );
}
process.stdout.write(`${wanted.length + Number(process.argv[2] === undefined) - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs the tests without the workaround. Some traps end in a loop: a run that does not end, or fills its memory, has failed as it should. */
function run(name: string, [file, pattern]: readonly [string, string]): string {
  const { status, stdout, stderr, error } = vitest(
    file,
    ['--testNamePattern', pattern, '--reporter', 'json'],
    { ANNEAL_TRAP: name },
    60_000,
  );
  if (error !== undefined && 'code' in error && error.code === 'ETIMEDOUT') return 'fails';
  if (stderr.includes('heap out of memory')) return 'fails';
  const report = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { numFailedTests: number; numPassedTests: number };
  if (status !== 0 && report.numFailedTests > 0) return 'fails';
  return report.numPassedTests > 0 ? 'passes' : 'does not exist';
}

function vitest(
  file: string,
  options: readonly string[],
  env: Record<string, string>,
  timeout: number,
): SpawnSyncReturns<string> {
  const program = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')));
  return spawnSync(process.execPath, [program, 'run', '--config', config, ...options, file], {
    cwd: here,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout,
    killSignal: 'SIGKILL',
  });
}
