// A million specs that follow the grammar or nearly do: each must end in a ScheduleError or in a plan that is finite
// wherever it is asked, quickly. Run by `pnpm soak`, or alone:
//   npx tsx --conditions=@anneal/source packages/core/soak/specs.ts [--count N] [--seed S]
import process from 'node:process';
import { performance } from 'node:perf_hooks';
import {
  createScheduler,
  lint,
  parsePlan,
  phases,
  resolvePlan,
  ScheduleError,
  type Plan,
  type StepValues,
} from '../src/index.ts';
import { Grammar } from './grammar.ts';
import { random } from './random.ts';

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const [count, seed] = [option('count', 1_000_000), option('seed', Number(process.env['TEST_SEED'] ?? 1))];
const print = (line: string): boolean => process.stdout.write(`${line}\n`);

const horizon = { totalSteps: 1000, stepsPerEpoch: 50 };
const grammar = new Grammar(random(seed));
const tally = { json: 0, accepted: 0, failed: 0 };
let slowest = { milliseconds: 0, text: '' };
let peakMemory = 0;

for (let i = 0; i < count; i += 1) {
  const text = grammar.text();
  const before = performance.now();
  const problem = examine(text, i % 10 === 0);
  const milliseconds = performance.now() - before;
  if (milliseconds > slowest.milliseconds) slowest = { milliseconds, text };
  if (problem !== undefined) {
    tally.failed += 1;
    if (tally.failed <= 10) print(`${problem}\n  ${text.slice(0, 2000)}`);
  }
  if (i % 10_000 === 0) peakMemory = Math.max(peakMemory, process.memoryUsage().heapUsed);
}

const share = (n: number): string => `${((100 * n) / count).toFixed(1)} %`;
print(
  `${count} specs (seed ${seed}): ${share(tally.json)} are JSON, ${share(tally.accepted)} accepted, ${tally.failed} failed`,
);
print(`slowest ${slowest.milliseconds.toFixed(1)} ms: ${slowest.text.slice(0, 200)}`);
print(`memory at most ${(peakMemory / 1e6).toFixed(0)} MB`);
const enough = tally.json >= 0.8 * count && tally.accepted >= 0.3 * count;
if (!enough) print('too few were JSON (80 %) or accepted (30 %): the grammar no longer tests what it should');
process.exitCode = tally.failed === 0 && enough && slowest.milliseconds < 1000 ? 0 : 1;

/** What is wrong with how a text was met; undefined if nothing is. */
function examine(text: string, thoroughly: boolean): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  tally.json += 1;
  let plan: Plan;
  try {
    plan = parsePlan(json, horizon);
  } catch (error) {
    return error instanceof ScheduleError ? undefined : `threw ${String(error)}`;
  }
  tally.accepted += 1;
  try {
    return unsound(plan, thoroughly);
  } catch (error) {
    return `evaluation threw ${String(error)}`;
  }
}

function unsound(plan: Plan, thoroughly: boolean): string | undefined {
  const scheduler = createScheduler(plan);
  const schedule = resolvePlan(plan).base.learningRate!.schedule;
  const knots = phases(schedule, 1e4).flatMap(({ start, end }) => [start, end]);
  const around = knots.slice(0, 40).flatMap((knot) => [knot - 1, knot, knot + 1]);
  for (const step of [0, 0.5, 1, 999, 1000, 1e12, 2 ** 53, 1e300, Number.MAX_VALUE, ...around]) {
    if (!(step >= 0 && step < Infinity)) continue;
    const problem = notFinite(scheduler.values(step), `at step ${step}`);
    if (problem !== undefined) return problem;
  }
  if (!thoroughly) return undefined;
  lint(plan, { steps: 1000 });
  for (const loss of [1, 2, Number.NaN, 1e308, -1e308, Infinity, -Infinity, Number.MIN_VALUE, 0, 1]) {
    scheduler.advance();
    scheduler.report(Object.fromEntries([...scheduler.monitors()].map((monitor) => [monitor, loss])));
    const problem = notFinite(scheduler.values(), `after the report ${loss}`);
    if (problem !== undefined) return problem;
  }
  scheduler.restore(JSON.parse(JSON.stringify(scheduler.state())) as ReturnType<typeof scheduler.state>);
  return notFinite(scheduler.values(), 'after reports');
}

function notFinite({ groups = {}, ...base }: StepValues, where: string): string | undefined {
  for (const values of [base, ...Object.values(groups)])
    for (const [name, value] of Object.entries(values))
      if (!Number.isFinite(value)) return `${name} ${where} is ${value}`;
  return undefined;
}
