import { add } from '../combinators/add.ts';
import { multiply } from '../combinators/multiply.ts';
import { scale } from '../combinators/scale.ts';
import { sequence } from '../combinators/sequence.ts';
import { shift } from '../combinators/shift.ts';
import { stretch } from '../combinators/stretch.ts';
import { check } from '../options/check.ts';
import { checkKeys } from '../options/checkOptions.ts';
import { mustBe, ScheduleError } from '../error.ts';
import { choice } from '../kinds/choice.ts';
import { positiveFactor } from '../kinds/positiveFactor.ts';
import { isTrack } from '../plan/latePlan.ts';
import type { Plan, Tracks } from '../plan/plan.ts';
import type { WrittenPlan } from '../plan/planLike.ts';
import { toPlan } from '../plan/toPlan.ts';
import type { Schedule } from '../schedule.ts';
import { linear } from '../schedules/linear.ts';
import { createScheduler } from './createScheduler.ts';
import { entryAt } from './entryAt.ts';
import type { SchedulerState, StepValues } from './scheduler.ts';

/** How to meet a jump of the learning rate at the step of the resume. */
export interface ResumeOptions {
  /**
   * - refuse (default): throw a `planChanged` error that says the rate before and after
   * - stretch: enter the new schedule where it last has the rate in force, and run the rest of it over the steps that
   *   are left; where it only jumps past that rate, hold the rate for what comes before the jump. Needs `totalSteps`
   * - keep: keep the rate in force and the form of the new schedule: from here on it is multiplied by before/after
   * - rewarm: go from the rate in force to the new schedule in a straight line; needs `rewarmSteps`
   */
  readonly onJump?: 'refuse' | 'stretch' | 'keep' | 'rewarm';
  /** The largest jump that is none, as a share of the rate before; default 0.1. Infinity takes every jump as it is. */
  readonly maxJump?: number;
  /** The step at which the run ends: needed for stretch, and for a plan with durations relative to the run. */
  readonly totalSteps?: number;
  /** For rewarm: the steps that it takes, > 0. */
  readonly rewarmSteps?: number;
}

/** What resuming under a plan means. */
export interface PlannedResume {
  /** The step at which training goes on. */
  readonly step: number;
  /** The values that the saved run would have used there. */
  readonly before: StepValues;
  /** The values that the new plan, as it was given, has there. */
  readonly after: StepValues;
  /** Of each learning rate by its path that the change |after/before − 1| of it: 0.1 is 10 %. */
  readonly jumps: Readonly<Record<string, number>>;
  /** The plan to go on with: the given one, with the learning rates that jump led over. */
  readonly plan: Plan;
}

/**
 * Looks at a resume before it happens: the learning rates before and after under a changed plan.
 *
 * A jump of more than `maxJump` is refused unless `onJump` says how to meet it. Go on with
 * `createScheduler(planned.plan)` and its `restore(state, { onPlanChange: 'takeNew' })`. Momentum and the other tracks
 * are told in `before` and `after` and never changed.
 *
 * Throws a {@link ScheduleError}: `planChanged` for a jump that is refused, `invalid` where the chosen way cannot be gone
 * (the new schedule never has the rate in force; it is 0 where `keep` would have to multiply it).
 *
 * @example
 * // 800 of 1000 steps are done; now the run shall be 2000 steps long.
 * const short = cosineDecay({ initValue: 0.1, decaySteps: 1000 });
 * const long = cosineDecay({ initValue: 0.1, decaySteps: 2000 });
 * const state = createScheduler(short, { startStep: 800 }).state();
 * const { before, after, plan } = planResume(state, long, { onJump: 'stretch', totalSteps: 2000 });
 * Math.round(1e6 * before.learningRate); // 9549
 * Math.round(1e6 * after.learningRate); // 65451
 * Math.round(1e6 * createScheduler(plan).values(800).learningRate); // 9549
 * createScheduler(plan).values(2000).learningRate; // 0
 */
export function planResume(state: SchedulerState, planLike: WrittenPlan, options: ResumeOptions = {}): PlannedResume {
  checkKeys('planResume', ['onJump', 'maxJump', 'totalSteps', 'rewarmSteps'], options);
  const { onJump = 'refuse', maxJump = 0.1, totalSteps } = options;
  check('planResume', 'onJump', ways, onJump);
  if (!(typeof maxJump === 'number' && maxJump >= 0)) mustBe('planResume', 'maxJump', 'a number >= 0', maxJump);
  const plan = toPlan(planLike, totalSteps === undefined ? {} : { totalSteps });
  const scheduler = createScheduler(plan);
  scheduler.restore(state, { onPlanChange: 'takeNew' });
  const { step } = state;
  const [before, after] = [state.values, scheduler.values()];
  if (typeof before?.learningRate !== 'number')
    mustBe('planResume', 'state', 'a state with the values in force', before);

  const jumps: Record<string, number> = {};
  const led = (tracks: Tracks, path: string, from: number, old: number | undefined, fresh: number): object => {
    const track = tracks.learningRate;
    if (track === undefined || old === undefined) return {};
    const jump = old === fresh ? 0 : Math.abs(fresh / old - 1);
    jumps[path] = jump;
    if (jump <= maxJump) return {};
    const given = isTrack(track) ? track.schedule : track;
    const schedule = typeof given === 'number' ? (): number => given : given;
    const met: Jump = { given, schedule, at: step - from, from, old, fresh, path, options };
    if (onJump === 'refuse') {
      const message = `planResume: ${path} would jump from ${old} to ${fresh} at step ${step}; choose onJump ${openWays(met)}`;
      throw new ScheduleError('planChanged', `/${path}`, message, { received: fresh });
    }
    const next = bridges[onJump](met);
    return { learningRate: isTrack(track) ? { ...track, schedule: next } : next };
  };

  const base = led(plan, 'learningRate', 0, before.learningRate, after.learningRate);
  if (plan.groups === undefined) return { step, before, after, jumps, plan: { ...plan, ...base } };
  const groups = Object.entries(plan.groups).map(([name, group]) => {
    const old = before.groups?.[name]?.learningRate;
    const fresh = after.groups![name]!.learningRate;
    return [name, { ...group, ...led(group, `groups/${name}/learningRate`, group.from ?? 0, old, fresh) }] as const;
  });
  return { step, before, after, jumps, plan: { ...plan, ...base, groups: Object.fromEntries(groups) } };
}

const ways = /* @__PURE__ */ choice('refuse', 'stretch', 'keep', 'rewarm');

interface Jump {
  /** As it stands in the plan, a number for a constant. */
  readonly given: Schedule | number;
  readonly schedule: Schedule;
  /** The step of the resume on the track's clock, which began at step `from`. */
  readonly at: number;
  readonly from: number;
  /** The rate in force before and after, controllers included. */
  readonly old: number;
  readonly fresh: number;
  readonly path: string;
  readonly options: ResumeOptions;
}

const canKeep = ({ old, fresh }: Jump): boolean => old > 0 && fresh > 0;

const endKnown = ({ at, from, options: { totalSteps = 0 } }: Jump): boolean =>
  totalSteps - from > at && totalSteps < Infinity;

/** The rate in force as the schedule has it, without what controllers make of it. */
const scheduled = ({ schedule, at, old, fresh }: Jump): number => old / (schedule(at) > 0 ? fresh / schedule(at) : 1);

/** Where stretch enters the schedule. */
const entryOf = (jump: Jump): ReturnType<typeof entryAt> =>
  entryAt(jump.schedule, scheduled(jump), (jump.options.totalSteps ?? 0) - jump.from);

/** The ways that can be gone, in words: a sentence that refuses one must not send to another that is refused as well. */
function openWays(jump: Jump): string {
  const names = [
    // Without an end nobody knows yet whether there is an entry.
    ...(!endKnown(jump) || entryOf(jump) !== undefined ? ['"stretch"'] : []),
    ...(canKeep(jump) ? ['"keep"'] : []),
  ];
  return names.length === 0 ? '"rewarm"' : `${names.join(', ')} or "rewarm"`;
}

const bridges: Readonly<Record<'stretch' | 'keep' | 'rewarm', (jump: Jump) => Schedule>> = {
  keep: (jump) => {
    const { given, old, fresh, path } = jump;
    return canKeep(jump)
      ? scale({ schedule: given, factor: old / fresh })
      : mustBe('planResume', 'onJump', `${openWays(jump)} where ${path} goes from or to 0`, 'keep');
  },

  rewarm: ({ given, at, old, fresh, options: { rewarmSteps = 0 } }) => {
    check('planResume', 'rewarmSteps', positiveFactor, rewarmSteps);
    const rest = shift({ schedule: given, shiftSteps: -at });
    // A factor that goes to 1 leaves the controllers their part; where the new rate is 0 only a sum leads to it.
    const lead = linear({
      initValue: fresh > 0 ? old / fresh : old,
      endValue: fresh > 0 ? 1 : 0,
      decaySteps: rewarmSteps,
    });
    const led = (fresh > 0 ? multiply : add)({ schedules: [rest, lead] });
    return sequence({ schedules: [given, led], boundaries: [at] });
  },

  stretch: (jump) => {
    const { given, at, from, old, path, options } = jump;
    const { totalSteps = 0 } = options;
    const end = totalSteps - from;
    if (!endKnown(jump))
      mustBe('planResume', 'totalSteps', `a number > ${at + from}, the step of the resume`, totalSteps);
    const value = scheduled(jump);
    const entry = entryOf(jump);
    if (entry === undefined) {
      const rule = `${openWays(jump)}, since ${path} never goes through ${old} before step ${totalSteps}`;
      return mustBe('planResume', 'onJump', rule, 'stretch');
    }
    const { from: held, to } = entry;
    // What is held at all is held for an update.
    const hold = held < to ? Math.max(((to - held) * (end - at)) / (end - held), Math.min(1, (end - at) / 2)) : 0;
    const rest = stretch({
      schedule: shift({ schedule: given, shiftSteps: -to }),
      factor: to < end ? (end - at - hold) / (end - to) : 1,
    });
    return hold === 0
      ? sequence({ schedules: [given, rest], boundaries: [at] })
      : sequence({ schedules: [given, value, rest], boundaries: [at, at + hold] });
  },
};
