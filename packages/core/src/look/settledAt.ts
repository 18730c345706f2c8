import type { Schedule } from '../schedule.ts';

const far = 2 ** 53;

/**
 * The step from which on a schedule keeps its value for ever, found from its values alone; undefined if there is none.
 *
 * A value that only comes so near that a double can no longer tell (an exponential decay that underflows) has not
 * settled: a tenth of the way before, it must still differ by more than 1e-12 of the largest value seen. What changes
 * for less than a third of the time that has passed can be overlooked.
 */
export function settledAt(schedule: Schedule): number | undefined {
  const end = schedule(far);
  if (!Number.isFinite(end)) return undefined;
  const settled = (step: number): boolean => {
    // At growing distances, so that what still changes shows, near or far.
    for (let ahead = 0; step + ahead < far; ahead = ahead * 1.3 + 0.7) if (schedule(step + ahead) !== end) return false;
    return true;
  };
  if (!settled(far / 4)) return undefined;
  if (settled(0)) return 0;
  let [before, after] = [0, far / 4];
  while (after - before > 1e-9 * Math.max(1, after)) {
    const middle = (before + after) / 2;
    if (settled(middle)) after = middle;
    else before = middle;
  }
  let peak = Math.abs(end);
  for (let i = 0; i <= 64; i += 1) peak = Math.max(peak, Math.abs(schedule((after * i) / 64)));
  if (Math.abs(schedule(0.9 * after) - end) <= 1e-12 * peak && isSmooth(schedule, after, end)) return undefined;
  const whole = Math.round(after);
  return Math.abs(whole - after) <= 1e-8 * Math.max(1, after) ? whole : after;
}

/** Whether the end is crept up to: just before it the value differs from it by next to nothing. */
function isSmooth(schedule: Schedule, after: number, end: number): boolean {
  return Math.abs(schedule(after * (1 - 1e-6)) - end) <= 1e-12 * Math.max(Math.abs(end), Math.abs(schedule(0)));
}
