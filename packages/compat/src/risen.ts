import { linear, sequence, warmup, type DescribedSchedule } from '@anneal/core';

/**
 * A straight line from `init` to `peak` in `warmupSteps`, then the schedule: as a warm-up where it is one, else (a line
 * that falls, a schedule that does not begin at the peak) as a sequence.
 */
export function risen(init: number, peak: number, warmupSteps: number, schedule: DescribedSchedule): DescribedSchedule {
  if (warmupSteps === 0) return schedule;
  if (init <= peak && peak > 0 && schedule(0) === peak) {
    return warmup({ warmupSteps, startFactor: init / peak, schedule });
  }
  const line = linear({ initValue: init, endValue: peak, decaySteps: warmupSteps });
  return sequence({ schedules: [line, schedule], boundaries: [warmupSteps] });
}
