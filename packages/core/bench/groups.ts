import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { cosineDecay, createScheduler, warmup, type Schedule, type Scheduler } from '../src/index.ts';

const scheduleTo = (initValue: number): Schedule =>
  warmup({ warmupSteps: 100, schedule: cosineDecay({ initValue, decaySteps: 900 }) });

/** What values() of a plan with groups costs. */
export interface GroupsCost {
  /** Nanoseconds for a single track, and for a plan with twelve groups: such a track for each, and two that all share. */
  readonly single: number;
  readonly twelve: number;
  /** The median over the rounds of the one by the other. */
  readonly ratio: number;
  /** Bytes that a call allocates where nothing has changed since the one before. */
  readonly bytesAtRest: number;
}

/** Measures both in rounds of a few tenths of a millisecond, one after the other: whatever slows the machine slows both. */
export function groupsCost(rounds: number): GroupsCost {
  const single = createScheduler(scheduleTo(0.1));
  const own = Array.from({ length: 12 }, (_, i) => [`layer${i}`, { learningRate: scheduleTo(0.1 / (i + 2)) }] as const);
  const twelve = createScheduler({
    learningRate: scheduleTo(0.1),
    momentum: 0.9,
    weightDecay: 0.01,
    groups: Object.fromEntries(own),
  });
  const measured = Array.from({ length: rounds }, () => {
    const [one, other] = [nanoseconds(single, 5000, 1), nanoseconds(twelve, 1000, 1)];
    return { one, other, ratio: other / one };
  });
  const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!;
  return {
    single: middle(measured.map(({ one }) => one)),
    twelve: middle(measured.map(({ other }) => other)),
    ratio: middle(measured.map(({ ratio }) => ratio)),
    bytesAtRest: bytesAtRest(twelve, 1_000_000),
  };
}

/** At a step that moves on by `stride` with each call. */
function nanoseconds(scheduler: Scheduler, calls: number, stride: number): number {
  const before = performance.now();
  let sum = 0;
  for (let i = 0; i < calls; i += 1) sum += scheduler.values((i * stride) % 1000).learningRate;
  if (Number.isNaN(sum)) throw new Error('the plan gave no number');
  return (1e6 * (performance.now() - before)) / calls;
}

function bytesAtRest(scheduler: Scheduler, calls: number): number {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('run node with --expose-gc');
  nanoseconds(scheduler, 1_000_000, 0);
  gc();
  const before = process.memoryUsage().heapUsed;
  nanoseconds(scheduler, calls, 0);
  return (process.memoryUsage().heapUsed - before) / calls;
}
