/** Plain data: what JSON holds, without NaN and Infinity. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * Numbers that training reports, by name: `{ batchLoss: 0.31 }` after an update, `{ loss: 0.35, val_accuracy: 0.92 }` after
 * an epoch; see {@link isPerUpdate}. NaN is a report like any other.
 */
export type Metrics = Readonly<Record<string, number>>;

/** Where a controller stands when it is asked: the step, and the track's value there before this controller. */
export interface Moment {
  /** Optimizer updates already made. */
  readonly step: number;
  /** The hyperparameter's value at `step` before this controller's factor. */
  readonly value: number;
}

/** The JSON form of each kind of controller by its type. Filled and extended like ScheduleSpecs. */
// oxlint-disable-next-line typescript/no-empty-object-type
export interface ControllerSpecs {}

/** The JSON form of a controller. */
export type ControllerSpec = ControllerSpecs[keyof ControllerSpecs];

/**
 * A reducer over a metric that yields a factor: what reacts to training, where a schedule only knows the step.
 *
 * It keeps nothing itself; the state is threaded through and is plain JSON, so a scheduler can save it.
 */
export interface Controller<State extends Json = Json> {
  readonly spec: ControllerSpec;
  /** The metric that it reads. */
  readonly monitor: string;
  /** Reports, each judged alone, that it lets pass before it acts; undefined where it does not count them. */
  readonly patience?: number;
  init(): State;
  observe(state: State, metric: number, at: Moment): State;
  factor(state: State, at: Moment): number;
}
