import type { Controller, ControllerSpec } from '../controller.ts';
import type { Schedule, ScheduleSpec } from '../schedule.ts';

/**
 * The hyperparameters that a plan can drive, in the order in which they are always listed.
 *
 * @example
 * hyperparameters.includes('beta1'); // true
 */
export const hyperparameters = ['learningRate', 'momentum', 'beta1', 'beta2', 'weightDecay'] as const;

/** `momentum` and `beta1` are different things: an adapter refuses a track that its optimizer lacks. */
export type Hyperparameter = (typeof hyperparameters)[number];

/** A controller on a track, with the window of steps `[from, until)` in which it reads reports and acts. */
export interface ControllerUse {
  readonly use: Controller;
  /** First step of the window; default 0. */
  readonly from?: number;
  /** The step at which the window ends, itself outside; default never. */
  readonly until?: number;
}

/** What drives one hyperparameter: a schedule, times the factors of its controllers. */
export interface Track {
  readonly schedule: Schedule | number;
  /** By a name of your choosing, which names the controller's state; applied in this order. */
  readonly controllers?: Readonly<Record<string, ControllerUse>>;
}

/** What drives each hyperparameter: a schedule, a number for a constant, or a schedule with controllers. */
export type Tracks = { readonly [H in Hyperparameter]?: Schedule | number | Track };

/** What differs for a named group of parameters; what it leaves out it takes from the plan itself. */
export interface GroupTracks extends Tracks {
  /**
   * The step at which the group joins, default 0. Until then it is frozen: its learning rate and weight decay are 0.
   * Its own tracks run on its own clock, which shows 0 at this step; those taken from the plan keep the plan's.
   */
  readonly from?: number;
}

/** Schedules and controllers for every hyperparameter, and for named groups of parameters that differ from the rest. */
export interface Plan extends Tracks {
  readonly learningRate: Schedule | number | Track;
  /** The groups by name. Which parameters a name means is told to the adapter. */
  readonly groups?: Readonly<Record<string, GroupTracks>>;
}

/** The JSON form of a track. */
export type TrackSpec =
  | ScheduleSpec
  | number
  | {
      readonly schedule: ScheduleSpec | number;
      readonly controllers?: Readonly<
        Record<string, { readonly use: ControllerSpec; readonly from?: number; readonly until?: number }>
      >;
    };

/** The JSON form of tracks. */
export type TracksSpec = { readonly [H in Hyperparameter]?: TrackSpec };

/** The JSON form of a plan. */
export type PlanSpec = TracksSpec & {
  readonly groups?: Readonly<Record<string, TracksSpec & { readonly from?: number }>>;
};
