// The cost of a call, per family, against hand-written closures: `pnpm bench:core`. It takes a minute or two; on a busy
// machine its figures mean nothing. `--quick` only shows that it runs. Node needs --expose-gc, and a young generation that
// holds a chunk of calls: --min-semi-space-size=64 --max-semi-space-size=64.
import process from 'node:process';
import { performance } from 'node:perf_hooks';
import { fill, parsePlan, type DescribedSchedule, type Schedule } from '../src/index.ts';
import { families, type Family } from './families.ts';
import { bytesPerCall, seasonedSite, type Site } from './site.ts';

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const quick = process.argv.includes('--quick');
const calls = quick ? 20_000 : 1_000_000;
const rounds = quick ? 3 : 15;
const memoryCalls = quick ? 200_000 : 10_000_000;

const all = families();
for (const { name, ours, hand } of all) agree(name, ours, hand);
const ourSite = seasonedSite(all.map(({ ours }) => ours));
const handSite = seasonedSite(all.map(({ hand }) => hand));

/** A double that a function returns through such a site is boxed: so are those of the schedules inside. */
const box = 16;
const bars = { ratio: 1.5, far: 1.2 };
let above = 0;
const mark = (value: number, bar: number): string => {
  if (!(value > bar)) return ' ';
  above += 1;
  return '!';
};

print(
  `Node ${process.version}, ${calls} calls, median of ${rounds}; one call site each that has seen ${all.length} functions`,
);
print(
  'family                     ours ns  hand ns   ratio    t=1e12/t=10, by hand   bytes a call: ours, by hand, boxes of what is returned',
);
for (const family of all) print(row(family));
print(`bars: ratio ${bars.ratio}, t=1e12 ${bars.far}, nothing allocated but what is returned; ${above} above`);

const cosine = all.find(({ name }) => name === 'warmup')!.ours;
const out = new Float64Array(1_000_000);
print(`\nfilling a million steps of warm-up and cosine: ${median(() => fill(cosine, out)).toFixed(1)} ms`);

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
  print(`parsing a ${name} of ${JSON.stringify(json).length} characters: ${((1000 * ms) / times).toFixed(1)} µs`);
}

function row({ name, ours, hand }: Family): string {
  const [our, theirs] = [1, 1].map(() => [] as number[]);
  const [near, far, handNear, handFar] = [1, 1, 1, 1].map(() => [] as number[]);
  // In turn, so that whatever slows the machine slows both.
  for (let i = 0; i < rounds; i += 1) {
    our!.push(nanoseconds(ourSite, ours, 0));
    theirs!.push(nanoseconds(handSite, hand, 0));
    // Not a whole number, which the engine would pass in another form than 1e12.
    near!.push(nanoseconds(ourSite, ours, 10.5, 1));
    far!.push(nanoseconds(ourSite, ours, 1e12, 1));
    // Both sites see the same steps: one that has seen whole numbers alone would pass them, and be compiled, in another way.
    handNear!.push(nanoseconds(handSite, hand, 10.5, 1));
    handFar!.push(nanoseconds(handSite, hand, 1e12, 1));
  }
  const [a, b] = [middle(our!), middle(theirs!)];
  const [distance, handDistance] = [middle(far!) / middle(near!), middle(handFar!) / middle(handNear!)];
  const [bytes, handBytes] = [bytesPerCall(ourSite, ours, memoryCalls), bytesPerCall(handSite, hand, memoryCalls)];
  const boxes = box * functionsIn((ours as DescribedSchedule).spec);
  const columns = [
    name.padEnd(25),
    a.toFixed(1).padStart(9),
    b.toFixed(1).padStart(9),
    `${(a / b).toFixed(2).padStart(8)}${mark(a / b, bars.ratio)}`,
    `${distance.toFixed(2).padStart(9)}${handDistance.toFixed(2).padStart(7)}${mark(distance, bars.far)}`,
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
