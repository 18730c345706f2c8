// The cost of a call, per family, against hand-written closures: `pnpm bench:core`. It takes a few minutes; names of
// families after it measure those alone. `--quick` only shows that it runs, `--record` writes records/bench-core.json. Node needs --expose-gc, and a young generation that holds a chunk of calls:
// --min-semi-space-size=64 --max-semi-space-size=64.
import process from 'node:process';
import { performance } from 'node:perf_hooks';
import { Recording } from '../../../scripts/records/recording.ts';
import { fill, parsePlan, type DescribedSchedule, type Schedule } from '../src/index.ts';
import { groupsCost } from './groups.ts';
import { families, type Family } from './families.ts';
import { bytesPerCall, seasonedSite, type Site } from './site.ts';

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const quick = process.argv.includes('--quick');
// Rounds of a few milliseconds: what is compared is measured within one round, so that whatever slows the machine slows
// both, and the median over the rounds leaves out those in which it slowed one of them alone.
const calls = quick ? 20_000 : 100_000;
const rounds = quick ? 3 : 101;
const memoryCalls = quick ? 200_000 : 10_000_000;

const recording = new Recording({ script: 'bench:core' });
const recordFamily = recording.table(
  'A call, by family',
  'family',
  'ours, ns',
  'by hand, ns',
  'ratio',
  't = 10¹² by t = 10',
  'the same by hand',
  'ours, bytes',
  'by hand, bytes',
);
const recordOther = recording.table('Everything else', 'what', 'figure', 'unit');

const all = families();
for (const { name, ours, hand } of all) agree(name, ours, hand);
const ourSite = seasonedSite(all.map(({ ours }) => ours));
const handSite = seasonedSite(all.map(({ hand }) => hand));

/** A double that a function returns through such a site is boxed: so are those of the schedules inside. */
const box = 16;
const bars = { ratio: 1.5, far: 1.2, groups: 15 };
let above = 0;
const mark = (value: number, bar: number): string => {
  if (!(value > bar)) return ' ';
  above += 1;
  return '!';
};

print(
  `Node ${process.version}, ${rounds} rounds of ${calls} calls, medians; one call site each that has seen ${all.length} functions`,
);
print(
  'family                     ours ns  hand ns   ratio    t=1e12/t=10, by hand   bytes a call: ours, by hand, boxes of what is returned',
);
const chosen = all.filter(({ name }) => process.argv.includes(name));
for (const family of chosen.length === 0 ? all : chosen) print(row(family));

const groups = groupsCost(quick ? 30 : 600);
print(
  `\nvalues() of a plan with 12 groups: ${groups.twelve.toFixed(0)} ns, of a single track ${groups.single.toFixed(0)} ns, ratio ${groups.ratio.toFixed(1)}${mark(groups.ratio, bars.groups)}, bytes a call where nothing has changed ${groups.bytesAtRest.toFixed(1)}${mark(groups.bytesAtRest, 1)}`,
);

print(
  `bars: ratio ${bars.ratio}; t=1e12 at most ${bars.far} times t=10, or times what the formula by hand takes there where another piece of it holds; nothing allocated but what is returned; values() of 12 groups at most ${bars.groups} times of one track; ${above} above`,
);

const cosine = all.find(({ name }) => name === 'warmup')!.ours;
const out = new Float64Array(1_000_000);
const filling = median(() => fill(cosine, out));
print(`\nfilling a million steps of warm-up and cosine: ${filling.toFixed(1)} ms`);
recordOther('values() of a plan with 12 groups', groups.twelve, 'ns');
recordOther('values() of a single track', groups.single, 'ns');
recordOther('bytes of values() where nothing has changed', groups.bytesAtRest, 'bytes');
recordOther('filling a million steps of warm-up and cosine', filling, 'ms');

const file = {
  type: 'warmup',
  warmupSteps: '10%',
  schedule: { type: 'cosineDecay', initValue: 0.1, decaySteps: '90%' },
};
const plan = {
  learningRate: { schedule: file, controllers: { plateau: { use: { type: 'reduceOnPlateau' }, from: '10%' } } },
  momentum: 0.9,
  groups: { head: { learningRate: file }, body: { from: '20%', learningRate: file } },
};
const horizon = { totalSteps: 1000 };
for (const [name, json] of Object.entries({ schedule: file, plan })) {
  const times = quick ? 100 : 10_000;
  const ms = median(() => {
    for (let i = 0; i < times; i += 1) parsePlan(json, horizon);
  });
  const what = `parsing a ${name} of ${JSON.stringify(json).length} characters`;
  print(`${what}: ${((1000 * ms) / times).toFixed(1)} µs`);
  recordOther(what, (1000 * ms) / times, 'µs');
}
recording.end();

function row({ name, ours, hand }: Family): string {
  const measured = Array.from({ length: rounds }, () => {
    const [a, b] = [nanoseconds(ourSite, ours, 0), nanoseconds(handSite, hand, 0)];
    return { a, b, ratio: a / b, distance: distanceOf(ourSite, ours), handDistance: distanceOf(handSite, hand) };
  });
  const [a, b, ratio, distance, handDistance] = (['a', 'b', 'ratio', 'distance', 'handDistance'] as const).map((name) =>
    middle(measured.map((round) => round[name])),
  ) as [number, number, number, number, number];
  const [bytes, handBytes] = [bytesPerCall(ourSite, ours, memoryCalls), bytesPerCall(handSite, hand, memoryCalls)];
  recordFamily(name, a, b, ratio, distance, handDistance, bytes, handBytes);
  const boxes = box * functionsIn((ours as DescribedSchedule).spec);
  const columns = [
    name.padEnd(25),
    a.toFixed(1).padStart(9),
    b.toFixed(1).padStart(9),
    `${ratio.toFixed(2).padStart(8)}${mark(ratio, bars.ratio)}`,
    `${distance.toFixed(2).padStart(9)}${handDistance.toFixed(2).padStart(7)}${mark(distance, bars.far * Math.max(1, handDistance))}`,
    `${bytes.toFixed(1).padStart(11)}${handBytes.toFixed(1).padStart(7)}${String(boxes).padStart(5)}${mark(bytes, boxes + 1)}`,
  ];
  return columns.join('');
}

/** How many functions one call of a schedule calls, at most: itself and those inside. */
function functionsIn(node: unknown): number {
  const { schedule, schedules = [] } = node as { readonly schedule?: unknown; readonly schedules?: readonly unknown[] };
  const inside = [...(schedule === undefined ? [] : [schedule]), ...schedules];
  return inside.reduce<number>((sum, child) => sum + functionsIn(child), 1);
}

/** How many times as long a call takes at 1e12 as at 10. */
function distanceOf(site: Site, schedule: Schedule): number {
  // Not a whole number, which the engine would pass in another form than 1e12. (Both sites see the same steps: one that has
  // seen whole numbers alone would be compiled in another way.)
  const near = nanoseconds(site, schedule, 10.5, 1);
  return nanoseconds(site, schedule, 1e12, 1) / near;
}

function nanoseconds(site: Site, schedule: Schedule, start: number, period = 1000): number {
  const before = performance.now();
  site(schedule, calls, start, period);
  return (1e6 * (performance.now() - before)) / calls;
}

function median(action: () => unknown): number {
  const times = Array.from({ length: rounds }, () => {
    const before = performance.now();
    action();
    return performance.now() - before;
  });
  return middle(times);
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** The two must compute the same thing, else their times say nothing. */
function agree(name: string, ours: Schedule, hand: Schedule): void {
  for (let step = 0; step < 2000; step += 1) {
    const [a, b] = [ours(step), hand(step)];
    if (Math.abs(a - b) > 1e-12 * Math.max(1, Math.abs(b))) throw new Error(`${name} at ${step}: ${a}, by hand ${b}`);
  }
}
