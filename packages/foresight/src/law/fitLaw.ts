import { mustBe, type LateSchedule } from '@anneal/core';
import { checkKeys } from '@anneal/core/options';
import { rates } from '../rates/rates.ts';
import { beginnings, leaningOf } from './beginnings.ts';
import { bootstrap, readBootstrap, type Bootstrap } from './bootstrap.ts';
import { checkCarries } from './carries.ts';
import { courseOf } from './course.ts';
import { descend } from './descend.ts';
import { interval, quantile } from './intervals.ts';
import { chooseStrength } from './leftOut.ts';
import {
  laws,
  lossModel,
  moved,
  type LawName,
  type LawParameters,
  type LossModel,
  type Prediction,
  type PredictOptions,
} from './lossModel.ts';
import { objective, type Observed } from './objective.ts';
import { qualityOf, type Quality } from './quality.ts';
import { readRuns, type Recorded, type RecordedRun } from './recorded.ts';

export interface FitOptions {
  /** How the uncertainty is found; default 200 replicates over blocks, seed 1. With 0 replicates there is none. */
  readonly bootstrap?: Partial<Bootstrap>;
}

export interface IntervalOptions extends PredictOptions {
  /** The share of measured losses that the interval is meant to hold, in (0, 1); default 0.9. */
  readonly level?: number;
}

export interface IntervalPrediction extends Prediction {
  /** Between these a measured loss is expected; NaN without replicates. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** A law fitted to recorded runs. */
export interface FittedLaw<Name extends LawName = LawName> extends LossModel<Name> {
  /** Each parameter from the 5th to the 95th percentile of the replicates. */
  readonly intervals: Readonly<Record<keyof LawParameters[Name], readonly [low: number, high: number]>>;
  /** Σ huber(ln predicted − ln measured), δ = 10⁻³, over every point of every run. */
  readonly objective: number;
  /** How the fit does on each run that it was made of. */
  readonly quality: readonly Quality[];
  /** Mean relative error on ends of runs, each left out in turn: what to expect where the fit has not looked. */
  readonly leftOutError: number;
  predict(schedule: LateSchedule, options: IntervalOptions): IntervalPrediction;
  /** How the fit does on a run that it has not seen. */
  judge(run: RecordedRun): Quality;
}

/** So many falls of the rate between two points are told apart while fitting; the last rounds see all of them. */
const coarse = 4;

/** Fits a law; `subject` begins the sentences. */
export function fitLaw<Name extends LawName>(
  subject: string,
  name: Name,
  runs: readonly RecordedRun[],
  options: FitOptions = {},
): FittedLaw<Name> {
  checkKeys(subject, ['bootstrap'], options);
  const law = laws[name];
  const recorded = readRuns(subject, runs);
  const draw = readBootstrap(subject, options.bootstrap ?? {}, recorded.length);
  checkCarries(subject, law, recorded);

  // Rates as shares of the peak: then the guesses fit any scale.
  const peak = Math.max(...recorded.map((run) => run.rates.reduce((a, b) => Math.max(a, b))));
  const observe = (run: Recorded, parts?: number): Observed => {
    const at = moved(subject, run.rates, run.at);
    const logs = run.losses.slice(-at.length).map(Math.log);
    const shares = run.rates.map((rate) => rate / peak);
    return { course: courseOf(shares, at, parts), logs, weights: new Float64Array(logs.length).fill(1) };
  };
  const rough = recorded.map((run) => observe(run, coarse));
  const whole = recorded.map((run) => observe(run));
  const chosen = chooseStrength(law, rough, beginnings(law, rough));
  const leaning = leaningOf(law, chosen.strength);
  const { logs } = descend(law, whole, leaning, chosen.fit.logs);
  const fits = bootstrap(law, rough, leaning, logs, draw);

  const named = (point: Float64Array): Readonly<Record<string, number>> =>
    law.rescale(Object.fromEntries(law.parameters.map((parameter, i) => [parameter, Math.exp(point[i]!)])), peak);
  const valuesOf = (parameters: Readonly<Record<string, number>>): number[] =>
    law.parameters.map((parameter) => parameters[parameter]!);
  const model = lossModel(name, named(logs) as LawParameters[Name]);
  const all = fits.map(named);
  const uncertainty = { replicates: all.map(valuesOf), errors: chosen.errors, seed: draw.seed };
  const judge = (run: Recorded): Quality => {
    const loss = new Float64Array(run.at.length);
    law.evaluate(courseOf(run.rates, run.at), valuesOf(model.parameters), loss);
    return qualityOf(run.name, run.losses, loss);
  };

  return {
    ...model,
    intervals: Object.fromEntries(
      law.parameters.map((parameter) => {
        const values = all.map((one) => one[parameter]!);
        return [parameter, [quantile(values, 0.05), quantile(values, 0.95)]];
      }),
    ) as object as FittedLaw<Name>['intervals'],
    objective: objective(law, whole, leaningOf(law, 0), logs).value,
    quality: recorded.map(judge),
    leftOutError: chosen.errors.reduce((sum, error) => sum + Math.abs(error), 0) / chosen.errors.length,
    predict(schedule, { level = 0.9, ...given }) {
      if (!(level > 0 && level < 1)) mustBe('predict', 'level', 'a number in (0, 1)', level);
      const prediction = model.predict(schedule, given);
      const etas = rates('predict', schedule, given.steps);
      return { ...prediction, ...interval(law, uncertainty, etas, prediction.at, level) };
    },
    judge: (run) => judge(readRuns('judge', [run])[0]!),
  };
}
