/**
 * The value of a hyperparameter at each step.
 *
 * `step` is the number of optimizer updates already made, so the first update sees 0. A schedule is pure and total on
 * every finite step >= 0; any function of this shape is one.
 */
export type Schedule = (step: number) => number;

/**
 * The JSON form of each kind of schedule by its type. `generated/specs.gen.ts` fills it; extend it by declaration merging for
 * definitions of your own.
 */
// oxlint-disable-next-line typescript/no-empty-object-type
export interface ScheduleSpecs {}

/** The JSON form of a schedule: an object whose `type` names the definition and whose other keys are its options. */
export type ScheduleSpec = ScheduleSpecs[keyof ScheduleSpecs];

/** A schedule that knows how it was made. `JSON.stringify` gives its {@link ScheduleSpec}. */
export interface DescribedSchedule<Spec = ScheduleSpec> {
  (step: number): number;
  /** Canonical: options in the order of the definition, those equal to their default left out. */
  readonly spec: Spec;
  toJSON(): Spec;
}

/** Where a schedule stands inside another: itself, or a number for a constant. */
export type Child = Schedule | number;

/** The JSON form of the options `O` of a definition named `T`. */
export type SpecOf<T extends string, O extends object> = { readonly type: T } & {
  readonly [K in keyof O]: SpecValue<O[K]>;
};

type SpecValue<V> = V extends readonly (infer E)[] ? readonly SpecValue<E>[] : V extends Schedule ? ScheduleSpec : V;

/**
 * True for a schedule that carries its spec.
 *
 * @example
 * [constant({ value: 0.1 }), () => 0.1].map(isDescribed); // [true, false]
 */
export function isDescribed(schedule: unknown): schedule is DescribedSchedule {
  return typeof schedule === 'function' && 'spec' in schedule;
}
