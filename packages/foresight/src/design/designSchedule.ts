import { interpolate, mustBe, warmup, type DescribedSchedule } from '@anneal/core';
import { checkKeys } from '@anneal/core/options';
import { amount, checkSteps, positive, series } from '../rates/rates.ts';
import { families, type Family, type FamilyName } from './families.ts';
import type { Run } from './run.ts';
import { freeShape, type Shape } from './freeShape.ts';
import type { DesignObjective } from './objective.ts';
import { readObjective } from './readObjective.ts';
import { patternSearch } from './patternSearch.ts';

export interface DesignOptions {
  /** Updates in the run, warm-up included. */
  readonly steps: number;
  /** No rate is above it. Default: the objective finds it; a law needs it, since it knows one peak alone. */
  readonly peak?: number;
  /** Where the schedule is sought: in a family by name, or among all shapes; default `"free"`. */
  readonly family?: FamilyName | 'free';
  /** Of a free shape: never rising after the warm-up; default true. */
  readonly monotone?: boolean;
  /** The rate of the last update; default: the objective finds it, for a family 0. */
  readonly endValue?: number;
  /** Updates of a linear warm-up to the first rate, itself not designed; default 0. */
  readonly warmupSteps?: number;
}

/** A schedule beside which the design stands. */
export interface Reference {
  readonly name: 'cosine' | 'linear' | 'stableDecay';
  readonly value: number;
  readonly peak: number;
  /** By how much the design's value is lower. */
  readonly gain: number;
}

export interface Design {
  /** An ordinary schedule: every adapter takes it, `JSON.stringify` writes it. */
  readonly schedule: DescribedSchedule;
  /** The objective's value after the last update. */
  readonly value: number;
  /** The largest rate. */
  readonly peak: number;
  /** Cosine, linear and a fifth of linear cool-down by the same objective, with the same warm-up and peak, or each with its best. */
  readonly references: readonly Reference[];
}

/**
 * The schedule that an objective asks for: the best member of a family, or the best of all shapes.
 *
 * The objective is computed, not trained: the bound of the last iterate, the exact risk on a quadratic, or a law of loss curves.
 * What comes out is right for that objective, and worth what the objective is worth for a real run. A free shape is a table of at most 200 knots.
 *
 * Throws a ScheduleError for options that are not as described, and for a law without a peak.
 *
 * @source Naganuma, Agarwala, Kasimbeg, Dahl 2026, What do near-optimal learning rate schedules look like?, arXiv 2603.10301
 *   (the peak apart from the shape); Luo et al. 2025, arXiv 2503.12811, section 5 (designs by the law).
 *
 * @example
 * const { schedule, references } = designSchedule({ type: 'bound' }, { steps: 100 });
 * schedule(50) / schedule(0) < 0.6; // true
 * references.every(({ gain }) => gain > -1e-6); // true
 */
export function designSchedule(objective: DesignObjective, options: DesignOptions): Design {
  const subject = 'designSchedule';
  checkKeys(subject, ['steps', 'peak', 'family', 'monotone', 'endValue', 'warmupSteps'], options);
  const { steps, family = 'free', monotone = true, warmupSteps = 0 } = options;
  checkSteps(subject, steps);
  if (!(Number.isInteger(warmupSteps) && warmupSteps >= 0 && warmupSteps < steps))
    mustBe(subject, 'warmupSteps', `an integer from 0 to ${steps - 1}`, warmupSteps);
  if (typeof monotone !== 'boolean') mustBe(subject, 'monotone', 'true or false', monotone);
  if (family !== 'free' && !Object.hasOwn(families, family))
    mustBe(
      subject,
      'family',
      `"free", ${Object.keys(families)
        .map((name) => `"${name}"`)
        .join(', ')}`,
      family,
    );
  const asked = readObjective(subject, objective, steps);
  const peak = options.peak === undefined ? undefined : positive(subject, 'peak', options.peak);
  if (peak === undefined && !asked.anyPeak)
    mustBe(subject, 'peak', 'given with a law: that of the runs it was fitted on', peak);
  const endValue = options.endValue === undefined ? undefined : amount(subject, 'endValue', options.endValue);
  if (endValue !== undefined && !(endValue <= (peak ?? Infinity)))
    mustBe(subject, 'endValue', `at most the peak ${peak}`, endValue);

  const run: Run = { steps, warmupSteps, peak, endValue, objective: asked };
  const designed =
    family === 'free'
      ? member(run, warmed(run, knotted(freeShape(run, monotone), run)))
      : bestOf(families[family], run);
  const references = (
    [
      ['cosine', families.cosine],
      ['linear', families.linear],
      ['stableDecay', fifth],
    ] as const
  ).map(([name, one]) => {
    const { value, peak: at } = bestOf(one, run);
    return { name, value, peak: at, gain: value - designed.value };
  });
  return { ...designed, references };
}

const fifth: Family = { shapes: 0, make: (run) => families.stableDecay.make(run, [0.2]) };

interface Member {
  readonly schedule: DescribedSchedule;
  readonly value: number;
  readonly peak: number;
}

function member({ steps, objective }: Run, schedule: DescribedSchedule): Member {
  const etas = series('designSchedule', 'schedule', schedule, steps);
  return { schedule, value: objective.value(etas), peak: etas.reduce((a, b) => Math.max(a, b)) };
}

/** The best member of a family; where the peak is free, from 10⁻⁶ to 10⁴ by its logarithm. */
function bestOf(family: Family, run: Run): Member {
  const { peak, endValue = 0, steps, warmupSteps } = run;
  const peakOf = (x: number): number => peak ?? Math.max(10 ** (10 * x - 6), endValue);
  const make = (x: readonly number[]): Member =>
    member(
      run,
      warmed(run, family.make({ peak: peakOf(x[family.shapes]!), end: endValue, steps: steps - warmupSteps }, x)),
    );
  const dimensions = family.shapes + (peak === undefined ? 1 : 0);
  if (dimensions === 0) return make([]);
  return make(patternSearch((x) => make(x).value, dimensions, peak === undefined ? 21 : 11));
}

/** A table of values at the knots, the first at the end of the warm-up. */
function knotted({ knots, values }: Shape, run: Run): DescribedSchedule {
  return interpolate({ knots: knots.map((knot) => knot - run.warmupSteps), values: Array.from(values) });
}

const warmed = ({ warmupSteps }: Run, schedule: DescribedSchedule): DescribedSchedule =>
  warmupSteps === 0 ? schedule : warmup({ warmupSteps, schedule });
