import { mustBe, type LateSchedule } from '@anneal/core';
import { checkKeys } from '@anneal/core/options';
import { points } from '../rates/points.ts';
import { positive, rates } from '../rates/rates.ts';
import { courseOf } from './course.ts';
import type { LossLaw } from './lossLaw.ts';
import { momentumLaw, type MomentumLawParameter } from './momentumLaw.ts';
import { multiPowerLaw, type MultiPowerParameter } from './multiPowerLaw.ts';

/** The parameters of each law by its name. */
export interface LawParameters {
  readonly multiPowerLaw: Readonly<Record<MultiPowerParameter, number>>;
  readonly momentumLaw: Readonly<Record<MomentumLawParameter, number>>;
}

export type LawName = keyof LawParameters;

export interface PredictOptions {
  /** Updates in the run. */
  readonly steps: number;
  /** After how many updates a loss is wanted, rising: a list, or how many of them, spread by their logarithm; default 200. The run's end always closes them. */
  readonly at?: number | readonly number[];
}

export interface Prediction {
  /** Numbers of updates, rising; the last is `steps`. */
  readonly at: Float64Array;
  /** The loss after each of them. */
  readonly loss: Float64Array;
}

/** A law with its parameters: it predicts the loss curve of any schedule. */
export interface LossModel<Name extends LawName = LawName> {
  readonly law: Name;
  readonly parameters: LawParameters[Name];
  predict(schedule: LateSchedule, options: PredictOptions): Prediction;
}

export const laws: { readonly [Name in LawName]: LossLaw } = { multiPowerLaw, momentumLaw };

/**
 * A law of loss curves with known parameters, published ones or those of an earlier fit.
 *
 * A law is an empirical fit: it was made for the pre-training of language models and holds where it was tested.
 *
 * Throws a ScheduleError for an unknown law, and for parameters that are not all there or not numbers > 0.
 *
 * @example
 * const law = lossModel('momentumLaw', { l0: 2, a: 1, alpha: 0.5, c: 0.5, tau: 10 });
 * law.predict(0.01, { steps: 400 }).loss.at(-1).toFixed(3); // '2.500'
 */
export function lossModel<Name extends LawName>(law: Name, parameters: LawParameters[Name]): LossModel<Name> {
  if (!Object.hasOwn(laws, law)) mustBe('lossModel', 'law', `one of ${Object.keys(laws).join(', ')}`, law);
  const names = laws[law].parameters;
  checkKeys('lossModel', names, parameters);
  const given = (parameters ?? {}) as Readonly<Record<string, unknown>>;
  const values = names.map((name) => positive('lossModel', name, given[name]));
  return {
    law,
    parameters: Object.fromEntries(names.map((name, i) => [name, values[i]!])) as LawParameters[Name],
    predict(schedule, options) {
      checkKeys('predict', ['steps', 'at'], options);
      const { steps, at = 200 } = options;
      const etas = rates('predict', schedule, steps);
      const where = moved('predict', etas, points('predict', at, steps));
      const loss = new Float64Array(where.length);
      laws[law].evaluate(courseOf(etas, where), values, loss);
      return { at: where, loss };
    },
  };
}

/** The points at which something has been trained: before the first rate > 0 a law says nothing. */
export function moved(subject: string, etas: Float64Array, at: Float64Array): Float64Array {
  const first = etas.findIndex((rate) => rate > 0);
  if (first < 0) mustBe(subject, 'schedule', 'above 0 at some step of the run', 0);
  return at.filter((step) => step > first);
}
