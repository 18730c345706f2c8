import type { Course } from './course.ts';

/** A law that gives the loss at every point of a course, from parameters that are all > 0. */
export interface LossLaw<Name extends string = string> {
  readonly name: string;
  /** The parameters, in the order in which they are taken. */
  readonly parameters: readonly Name[];
  /** Those by which the loss is linear, times the sign: they come first from any guess of the others, by least squares. */
  readonly linear: readonly Name[];
  /**
   * Guesses of the parameters that are not linear, where rates are shares of the peak: values to begin from, and the one to lean to
   * where the data leave it open.
   */
  readonly guesses: Readonly<Partial<Record<Name, { readonly from: readonly number[]; readonly lean: number }>>>;
  /** The parameters when every rate is multiplied by `peak`. */
  rescale(parameters: Readonly<Record<Name, number>>, peak: number): Readonly<Record<Name, number>>;
  /**
   * Writes the loss at each point of the course and, where wanted, its slopes by the logarithm of each parameter (a row a
   * point).
   */
  evaluate(course: Course, parameters: ArrayLike<number>, loss: Float64Array, slopes?: Float64Array): void;
}
