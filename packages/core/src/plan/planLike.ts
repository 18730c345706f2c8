import type { UnresolvedSchedule } from '../definition/unresolved.ts';
import type { Schedule } from '../schedule.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { LatePlan } from './latePlan.ts';

/** A plan as it is written: a schedule, a number, or a plan, with durations relative to the run or without. */
export type WrittenPlan = Schedule | number | UnresolvedSchedule | LatePlan;

/** What every adapter accepts; what is relative to the run is resolved where its length is known. */
export type PlanLike = WrittenPlan | Scheduler;
