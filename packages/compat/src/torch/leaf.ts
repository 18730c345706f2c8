import type { DescribedSchedule, RecurrenceRule } from '@anneal/core';

/**
 * An optimizer's parameter group: what the constructors of schedulers read and write. What one scheduler keeps here
 * another one overwrites, so courses are asked for when all have been constructed.
 */
export interface Group {
  lr: number;
  /** PyTorch's `initial_lr`, set by the first scheduler: the base rate of all that follow. */
  initialLr?: number;
  /** What OneCycleLR keeps in the group; CyclicLR overwrites the momenta. */
  maxLr?: number;
  minLr?: number;
  maxMomentum?: number;
  baseMomentum?: number;
  /** What SWALR keeps in the group. */
  swaLr?: number;
  momentum: number;
  /** Whether the number that a scheduler cycles as momentum is Adam's first beta. */
  readonly track: 'momentum' | 'beta1';
}

/** What one `step()` does to the rate in force, as a link of core's `recurrence`. */
export interface LeafLink {
  readonly rule: RecurrenceRule;
  /** On the scheduler's own clock. */
  readonly schedule: DescribedSchedule;
  /** The value that a ratio is taken from; default 0. */
  readonly floorValue?: number;
}

/** One PyTorch scheduler that holds no others, made for one group. */
export interface Leaf {
  /** The whole course, from the rate that the constructor leaves. */
  schedule(): DescribedSchedule;
  /** @throws ScheduleError where a chain of it cannot be reproduced */
  link(): LeafLink;
  /** The rate after the constructor's own step, given the rate in force. */
  initial(rate: number): number;
  /** The rate after a step at local time 0 that is not the constructor's: a chain inside a sequence takes one. */
  repeated(rate: number): number;
  /** The course from a milestone of a SequentialLR on, given the rate in force before it. */
  resumed(rate: number): DescribedSchedule;
  /** How far the clock of the link has moved on after `repeated`; default 0. */
  readonly ahead?: number;
  /** Momentum or the first beta, where the scheduler cycles it. */
  momentum?(): DescribedSchedule;
  /** The rate that the constructor leaves, where it is not that of its own first step taken again. */
  readonly constructed?: number;
}

/** Makes a leaf from the arguments in a description, and changes the group as the constructor does. */
export type ReadLeaf = (args: unknown, group: Group, path: string) => Leaf;

/** The base rate of a scheduler made now: `group.setdefault("initial_lr", group["lr"])`. */
export function baseRate(group: Group): number {
  group.initialLr ??= group.lr;
  return group.initialLr;
}

/** A leaf whose step multiplies the rate by the ratio of two values of its course. */
export function ratioLeaf(
  base: number,
  course: (rate: number) => DescribedSchedule,
  repeated: (rate: number) => number,
): Leaf {
  const unit = course(1);
  const schedule = course(base);
  return {
    schedule: () => schedule,
    link: () => ({ rule: 'ratio', schedule: unit }),
    initial: (rate) => rate * unit(0),
    repeated,
    resumed: () => schedule,
  };
}

/** A leaf whose step overwrites the rate, whatever it was. */
export function replacingLeaf(schedule: () => DescribedSchedule, momentum?: () => DescribedSchedule): Leaf {
  return {
    schedule,
    link: () => ({ rule: 'replace', schedule: schedule() }),
    initial: () => schedule()(0),
    repeated: () => schedule()(0),
    resumed: schedule,
    ...(momentum !== undefined && { momentum }),
  };
}
