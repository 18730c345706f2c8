import type { Schedule } from '../src/index.ts';

/** Calls a schedule at `calls` steps from `start` on, `period` steps round and round, through one call site. */
export type Site = (schedule: Schedule, calls: number, start: number, period: number) => number;

/**
 * A call site of its own: each has its own feedback in the engine, so what one has seen does not help another. The sum is
 * returned for the calls not to be optimised away.
 */
export function newSite(): Site {
  // oxlint-disable-next-line typescript/no-implied-eval
  return new Function(
    'schedule',
    'calls',
    'start',
    'period',
    'let sum = 0; for (let i = 0; i < calls; i += 1) sum += schedule(start + (i % period)); return sum;',
  ) as Site;
}

/** A call site that has seen so many different functions that the engine no longer looks which one it calls. */
export function seasonedSite(schedules: readonly Schedule[]): Site {
  const site = newSite();
  for (let round = 0; round < 30; round += 1) for (const schedule of schedules) site(schedule, 1000, 0, 1000);
  return site;
}

/** Bytes allocated by each call, collected before any of it can be thrown away. */
export function bytesPerCall(site: Site, schedule: Schedule, calls: number): number {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('run node with --expose-gc');
  // 16 bytes each at most, so that they fit into a young generation of 64 MB and none is thrown away before it counts.
  const chunk = Math.min(calls, 1_000_000);
  let bytes = 0;
  for (let done = 0; done < calls; done += chunk) {
    gc();
    const before = process.memoryUsage().heapUsed;
    site(schedule, chunk, 0, 1000);
    bytes += process.memoryUsage().heapUsed - before;
  }
  return bytes / calls;
}
