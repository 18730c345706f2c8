import type { Controller, ControllerSpec } from '../controller.ts';
import type { Duration } from '../definition/horizon.ts';
import type { UnresolvedController, UnresolvedSchedule, UnresolvedSpec } from '../definition/unresolved.ts';
import type { Schedule, ScheduleSpec } from '../schedule.ts';
import type { Hyperparameter, TrackSpec } from './plan.ts';

/** A schedule, or what becomes one when the length of the run is known. */
export type LateSchedule = Schedule | number | UnresolvedSchedule;

/** A controller on a track, whose window may be relative to the run: `until: '90%'`. */
export interface LateUse {
  readonly use: Controller | UnresolvedController;
  readonly from?: number | Duration;
  readonly until?: number | Duration;
}

/** A track that may hold durations relative to the run. */
export interface LateTrack {
  readonly schedule: LateSchedule;
  readonly controllers?: Readonly<Record<string, LateUse>>;
}

/** True for a track written out as an object, false for a schedule or a number. */
export const isTrack = (track: unknown): track is LateTrack =>
  typeof track === 'object' && track !== null && 'schedule' in track;

/** Tracks that may hold durations relative to the run. */
export type LateTracks = { readonly [H in Hyperparameter]?: LateSchedule | LateTrack };

/** A group that may hold durations relative to the run: `from: '5ep'`. */
export interface LateGroup extends LateTracks {
  readonly from?: number | Duration;
}

/** A plan that may hold durations relative to the run; every {@link Plan} is one. */
export interface LatePlan extends LateTracks {
  readonly learningRate: LateSchedule | LateTrack;
  readonly groups?: Readonly<Record<string, LateGroup>>;
}

/** The JSON form of a track, with durations as they were written. */
export type LateTrackSpec =
  | TrackSpec
  | UnresolvedSpec
  | {
      readonly schedule: ScheduleSpec | UnresolvedSpec | number;
      readonly controllers?: Readonly<
        Record<
          string,
          {
            readonly use: ControllerSpec | UnresolvedSpec;
            readonly from?: number | Duration;
            readonly until?: number | Duration;
          }
        >
      >;
    };

/** The JSON form of tracks, with durations as they were written. */
export type LateTracksSpec = { readonly [H in Hyperparameter]?: LateTrackSpec };

/** The JSON form of a plan, with durations as they were written. */
export type LatePlanSpec = LateTracksSpec & {
  readonly groups?: Readonly<Record<string, LateTracksSpec & { readonly from?: number | Duration }>>;
};
