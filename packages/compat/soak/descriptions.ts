// A hundred thousand descriptions for each reader: recorded ones in which one to three values are extreme or wrong. Each must end in
// a ScheduleError, or in a plan that is finite at every step, whatever is reported to it. Run by `pnpm soak`, or alone:
//   npx tsx --conditions=@anneal/source packages/compat/soak/descriptions.ts [--count N] [--seed S] [reader …]
import { readdirSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { createScheduler, ScheduleError, type Plan, type StepValues } from '@anneal/core';
import { random } from '../../core/soak/random.ts';
import { translators, type Translator } from '../src/index.ts';
import { read as torch } from '../src/torch/index.ts';
import { readFixture } from '../test/fixture.ts';

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const [count, seed] = [option('count', 100_000), option('seed', Number(process.env['TEST_SEED'] ?? 1))];
const print = (line: string): boolean => process.stdout.write(`${line}\n`);

const { MAX_VALUE, MIN_VALUE } = Number;
const ordinary = [0, -0, -1, 0.1, 0.5, 0.9, 1, 1.5, 2, 3, 10, 60, 1000, 1e4, 1e6, 1e9, 1e12, 2 ** 53];
const far = [
  MIN_VALUE,
  1e-320,
  1e-300,
  1e-160,
  1e-9,
  1e160,
  1e300,
  1.698718544535995e308,
  MAX_VALUE,
  -1e300,
  -MAX_VALUE,
];
const extreme: readonly number[] = ordinary.concat(far);
const wrong: readonly unknown[] = [
  null,
  true,
  false,
  '',
  'cos',
  '1e9',
  'lambda x: 1',
  '0.5dur',
  {},
  [],
  [0],
  [3, 3, 1e15],
  [[1]],
];
const steps = [0, 0.5, 1, 2, 3, 7, 9, 10, 11, 29, 59, 60, 61, 100, 999, 1e4, 1e6, 1e12, 2 ** 53, 1e300, MAX_VALUE];
const reports = [1, 0.5, 2, Number.NaN, 1e308, -1e308, Infinity, -Infinity, MIN_VALUE, 0];

let failed = 0;
const names = Object.keys(translators) as (keyof typeof translators)[];
const chosen = names.filter((name) => process.argv.includes(name));
for (const name of chosen.length === 0 ? names : chosen) await soak(name);
process.exitCode = failed === 0 ? 0 : 1;

async function soak(name: keyof typeof translators): Promise<void> {
  const { read }: Translator = await translators[name]();
  const descriptions = readdirSync(new URL(`../fixtures/${name}`, import.meta.url))
    .filter((file) => file !== 'written.json' && file !== 'directions.json')
    .flatMap((file) => readFixture(name, file.replace('.json', '')).cases)
    .map(({ description }) => description);
  const next = random(seed);
  const one = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!;
  const tally = { accepted: 0, failed: 0 };
  let slowest = { milliseconds: 0, text: '' };

  for (let i = 0; i < count; i += 1) {
    let given: unknown = one(descriptions);
    for (let changes = 1 + Math.floor(next() * 3); changes > 0; changes -= 1) {
      const value = next() < 0.8 ? one(extreme) : one(wrong);
      given = altered(given, { left: 1 + Math.floor(next() * 12) }, value, next() < 0.9);
    }
    const before = performance.now();
    const problem = examine(read, given, i % 8 === 0);
    const milliseconds = performance.now() - before;
    if (milliseconds > slowest.milliseconds) slowest = { milliseconds, text: JSON.stringify(given) };
    if (problem === 'refused') continue;
    if (problem === undefined) {
      tally.accepted += 1;
      continue;
    }
    tally.failed += 1;
    if (tally.failed <= 5) print(`${name}: ${problem}\n  ${JSON.stringify(given).slice(0, 1000)}`);
  }
  failed += tally.failed;
  const share = ((100 * tally.accepted) / count).toFixed(1);
  print(
    `${name}: ${count} descriptions (seed ${seed}), ${share} % accepted, ${tally.failed} failed, slowest ${slowest.milliseconds.toFixed(1)} ms: ${slowest.text.slice(0, 160)}`,
  );
}

/** What is wrong with how a description was met; undefined if nothing is. */
function examine(read: Translator['read'], given: unknown, isThorough: boolean): string | undefined {
  let plan: Plan;
  try {
    plan = read(given, { totalSteps: 60, stepsPerEpoch: 10 });
    createScheduler(plan);
  } catch (error) {
    return error instanceof ScheduleError ? 'refused' : `threw ${String(error)}`;
  }
  try {
    return unsound(plan, isThorough, read);
  } catch (error) {
    return `evaluation threw ${String(error)}`;
  }
}

function unsound(plan: Plan, isThorough: boolean, read: Translator['read']): string | undefined {
  const scheduler = createScheduler(plan);
  // A PyTorch chain is computed step by step, up to a million of them: of these every eighth is asked far out.
  const isSlow = !isThorough && read === torch;
  for (const step of isSlow ? steps.filter((one) => one < 1e4) : steps) {
    const problem = notFinite(scheduler.values(step), `at step ${step}`);
    if (problem !== undefined) return problem;
  }
  const monitors = scheduler.monitors();
  if (monitors.size === 0) return undefined;
  for (const [i, metric] of [...reports, ...reports].entries()) {
    scheduler.advance();
    scheduler.report(Object.fromEntries([...monitors].map((monitor) => [monitor, metric])));
    const problem = notFinite(scheduler.values(), `after report ${i}, ${metric},`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function notFinite({ groups = {}, ...base }: StepValues, where: string): string | undefined {
  for (const values of [base, ...Object.values(groups)])
    for (const [name, value] of Object.entries(values))
      if (!Number.isFinite(value)) return `${name} ${where} is ${value}`;
  return undefined;
}

/** A copy in which the n-th value, counted through the whole, is another; `numbers`: the n-th number. */
function altered(value: unknown, n: { left: number }, by: unknown, numbers: boolean): unknown {
  if (!numbers || typeof value === 'number') n.left -= 1;
  if (n.left === 0 && (!numbers || typeof value === 'number')) return by;
  if (Array.isArray(value)) return value.map((item) => altered(item, n, by, numbers));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, altered(item, n, by, numbers)]));
}
