import type { Json, Metrics } from '../controller.ts';
import type { RunLength } from '../definition/horizon.ts';
import type { Hyperparameter, Plan, PlanSpec } from '../plan/plan.ts';
import type { AnnealShape } from '../curves/annealShape.ts';

/** The hyperparameters of one group of parameters at one step. */
export type GroupValues = { readonly learningRate: number } & {
  readonly [H in Exclude<Hyperparameter, 'learningRate'>]?: number;
};

/** The hyperparameters at one step: those of the plan itself, and of each group that it names, resolved in full. */
export type StepValues = GroupValues & { readonly groups?: Readonly<Record<string, GroupValues>> };

/** Leads the learning rate away from its schedule: from the value in force to `endFactor` times it, then holds. */
export interface AnnealRequest {
  /** How long it takes, in steps, > 0. */
  readonly steps: number;
  /** The end value as a multiple of the value in force, >= 0; for the exponential shape > 0. */
  readonly endFactor: number;
  /** Default linear. */
  readonly shape?: AnnealShape;
}

/** What a scheduler needs to go on elsewhere: plain JSON. */
export interface SchedulerState {
  readonly version: 1;
  readonly step: number;
  /** The canonical plan, or null where it holds a bare function. */
  readonly plan: PlanSpec | null;
  /** The state of each controller by its path: `"learningRate/plateau"`. */
  readonly controllers: Readonly<Record<string, Json>>;
  readonly annealing?: Annealing;
  /** The values in force at `step`: for whoever reads the file, and for {@link planResume}. */
  readonly values: StepValues;
}

/** An anneal under way: since when, and from which value each learning rate started. */
export interface Annealing {
  readonly since: number;
  readonly steps: number;
  readonly endFactor: number;
  readonly shape: AnnealShape;
  readonly startValues: Readonly<Record<string, number>>;
}

/** What to do when a state was written under another plan than the scheduler's. */
export interface RestoreOptions {
  /**
   * - refuse (default): throw a `planChanged` error that names the first difference
   * - takeNew: keep the scheduler's plan; states of controllers that stand unchanged in it are taken over. Where a bare
   *   function keeps the plans from being compared, those of the same place and form are
   * - takeOld: go on under the plan in the state, which `parse` reads
   */
  readonly onPlanChange?: 'refuse' | 'takeNew' | 'takeOld';
  /** Reads the plan in the state for `takeOld`: `parsePlan`, or a smaller parser from `createParser`. */
  readonly parse?: (json: unknown) => Plan;
}

/** The only thing with a notion of now: a plan, a step, the states of the plan's controllers. */
export interface Scheduler {
  /** Optimizer updates already made. */
  readonly step: number;
  /** The plan in force. */
  readonly plan: Plan;
  /**
   * The hyperparameters at `step`, by default now. Any finite step >= 0: what lies ahead assumes that nothing is
   * reported until then, what lies behind is what the controllers' present state would give there. Where nothing has
   * changed since the last call the same object comes back, and so it does group by group.
   */
  values(step?: number): StepValues;
  /** Counts updates, by default one. Refused where a clock counts them. */
  advance(updates?: number): void;
  /**
   * Hands metrics to the controllers whose window is open now; those that none monitors are ignored. The metrics of
   * update t are reported after it, when `step` is t+1. NaN and Infinity are reports; what is no number is refused.
   */
  report(metrics: Metrics): void;
  /**
   * The metrics that active controllers read now. With `ahead`, those read at any of the next `ahead` steps too: a
   * runner may take K steps at once if it will report none of `monitors(K - 1)` before the last of them.
   */
  monitors(ahead?: number): ReadonlySet<string>;
  /**
   * Anneals every learning rate on demand, from the value in force. Controllers of these tracks rest from then on; a
   * group that has not joined yet stays frozen.
   */
  anneal(request: AnnealRequest): void;
  /** Calls `listener` after each change of step or state; returns the function that ends it. */
  subscribe(listener: (scheduler: Scheduler) => void): () => void;
  /** What it takes to go on elsewhere, as plain JSON; later changes of the scheduler do not reach it. */
  state(): SchedulerState;
  /**
   * Goes on from a state; the step becomes the state's. A state that is damaged, or written under another plan unless
   * `onPlanChange` says how to go on, is refused with a ScheduleError and nothing changes.
   */
  restore(state: SchedulerState, options?: RestoreOptions): void;
}

/** Who counts the steps, where they start, and where values go. */
export interface SchedulerOptions {
  /** Reads the framework's own counter of updates; without one the scheduler counts. */
  readonly clock?: () => number;
  /** The step to start at; by default 0, or what the clock shows. */
  readonly startStep?: number;
  /** How long the run is: needed where the plan holds a duration relative to it (`'10%'`, `'5ep'`). */
  readonly horizon?: RunLength;
  /** Receives the values of the first update at once, and those of the next after each change. */
  readonly apply?: (values: StepValues) => void;
}
