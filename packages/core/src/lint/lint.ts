import { anything } from '../options/callback.ts';
import { checkOptions, type OptionTable } from '../options/checkOptions.ts';
import { outlines } from '../generated/outlines.gen.ts';
import { integer } from '../kinds/integer.ts';
import { positiveFactor } from '../kinds/positiveFactor.ts';
import type { Outlines } from '../look/walk.ts';
import { isTrack } from '../plan/latePlan.ts';
import type { Plan, Track, Tracks } from '../plan/plan.ts';
import type { WrittenPlan } from '../plan/planLike.ts';
import { toPlan } from '../plan/toPlan.ts';
import { escaped } from '../plan/pointer.ts';
import { allTracks, resolvePlan, type ResolvedTrack } from '../plan/resolvePlan.ts';
import type { Schedule } from '../schedule.ts';
import { constant } from '../schedules/constant.ts';
import { idleControllers, impatientControllers, tooLate } from './controllerRules.ts';
import { courseFindings } from './courseRules.ts';
import type { Finding, Severity } from './finding.ts';
import { subjectOf } from './subject.ts';
import { valueFindings } from './valueRules.ts';

/** The run that a schedule is examined for. */
export interface LintOptions {
  /** Updates in the run, an integer >= 1. */
  readonly steps: number;
  /** Updates in an epoch, to name epochs beside steps. */
  readonly stepsPerEpoch?: number;
  /** Outlines of definitions of your own, by their type. */
  readonly outlines?: Outlines;
}

const table = {
  steps: integer,
  stepsPerEpoch: [positiveFactor, undefined],
  outlines: [anything, undefined],
} as const satisfies OptionTable<LintOptions>;

const order: readonly Severity[] = ['error', 'warning', 'note'];

/**
 * Examines a schedule or a plan for a run of so many steps, and says what is wrong (errors), likely not meant
 * (warnings) or worth knowing (notes), errors first.
 *
 * Errors: a value that is negative or not finite; momentum, β₁ or β₂ of 1 or more. Warnings: the first update has rate
 * 0; the peak is used twice in a row; the schedule's end value is not reached at the end of the run; the value rises
 * after the schedule's end; the warm-up is longer than the run; a phase, group or controller never starts; the value
 * jumps where two parts meet and neither declares it; a controller counts its patience in updates. Up to a million steps every one
 * is looked at, beyond that a million of them. Controllers' factors are not known ahead and left out.
 *
 * Throws a {@link ScheduleError} for a plan or options that are wrong; whatever the schedule does is a finding.
 *
 * @example
 * const schedule = warmup({ warmupSteps: 10, startFactor: 0, schedule: linear({ initValue: 0.1, decaySteps: 90 }) });
 * lint(schedule, { steps: 100 }).map(({ code }) => code); // ['firstUpdateZero']
 */
export function lint(planLike: WrittenPlan, options: LintOptions): readonly Finding[] {
  const { steps, stepsPerEpoch } = checkOptions('lint', table, options);
  const plan = toPlan(planLike, { totalSteps: steps, ...(stepsPerEpoch !== undefined && { stepsPerEpoch }) });
  const all = { ...outlines, ...options.outlines };
  const findings = allTracks(resolvePlan(plan)).flatMap((track) => {
    const length = steps - track.start;
    if (length <= 0) {
      const message = `the group joins at step ${track.start}, after the run of ${steps} steps: it stays frozen`;
      return [tooLate(`/${track.path}`, track.start, message)];
    }
    const written = trackIn(plan, track);
    const given = isTrack(written) ? written.schedule : written;
    const path = planLike === plan ? `/${track.path}${isTrack(written) ? '/schedule' : ''}` : '';
    const { hyperparameter, start } = track;
    // A bare number is as plain to see as a described constant.
    const schedule = typeof given === 'number' ? constant({ value: given }) : track.schedule;
    const subject = subjectOf(schedule, length, { hyperparameter, path, start, stepsPerEpoch }, all);
    return [
      ...valueFindings(subject),
      ...courseFindings(subject),
      ...idleControllers(track, length),
      ...impatientControllers(track, stepsPerEpoch),
    ];
  });
  return order.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}

/** What the plan itself says where a resolved track stands. */
function trackIn(plan: Plan, { path, hyperparameter }: ResolvedTrack): Schedule | number | Track | undefined {
  const owner = Object.entries(plan.groups ?? {}).find(
    ([name]) => path === `groups/${escaped(name)}/${hyperparameter}`,
  );
  const tracks: Tracks = owner === undefined ? plan : owner[1];
  return tracks[hyperparameter];
}
