import { outlines } from '../generated/outlines.gen.ts';
import type { Schedule } from '../schedule.ts';
import { walk, type Outlines, type Phase } from './walk.ts';

/**
 * The phases of a schedule in a run of so many steps: what happens when, for labels, logs and pictures.
 *
 * A schedule made of others has the phases of its parts, each on the clock of the whole; a function of your own is one
 * phase. Those that begin after the run are left out. `more` holds outlines of definitions of your own, by type.
 *
 * @example
 * const schedule = warmup({ warmupSteps: 10, schedule: cosineDecay({ initValue: 0.1, decaySteps: 90 }) });
 * phases(schedule, 100).map(({ name, start, end }) => [name, start, end]); // [['warmup', 0, 10], ['cosineDecay', 10, 100]]
 */
export function phases(schedule: Schedule, steps: number, more: Outlines = {}): readonly Phase[] {
  const all = walk(schedule, steps, { ...outlines, ...more }).phases;
  return all.flatMap((phase) =>
    phase.start < steps && phase.start < phase.end ? [{ ...phase, end: Math.min(steps, phase.end) }] : [],
  );
}
