/** A stretch of a schedule on its own clock; it lasts until the next one begins. */
export interface Part {
  /** The step at which it begins. */
  readonly from: number;
  /** What happens in it: `"warmup"`, `"decay"`. A part with a schedule inside takes that one's phases instead. */
  readonly name?: string;
  /** Which option runs in it: `"schedule"`, `"schedules/1"`. */
  readonly inside?: string;
  /** What the clock of the schedule inside shows when the part begins; default 0. */
  readonly enters?: number;
  /** How many steps make one step of the schedule inside; default 1. */
  readonly unit?: number;
  /** Other options that run at the same time, on the same clock as the one inside. */
  readonly beside?: readonly string[];
  /** Whether the value is meant to jump where the part begins. */
  readonly jumps?: boolean;
  /** Whether what runs inside is seen as a staircase, which jumps wherever it changes. */
  readonly stairs?: boolean;
  /** Whether it is the end: what is held when nothing more happens. */
  readonly end?: boolean;
}

/**
 * What a definition says about its course: the parts in order, for options `O` in their JSON form, as far as the step
 * `until`. A definition without one is a single part; `outline` is exported beside a definition that has several, so
 * that a bundle which never asks for phases carries none of it.
 */
export type Outline<O> = (options: O, until: number) => readonly Part[];
