import type { LossModel } from '../law/lossModel.ts';
import type { LastIterateOptions } from '../bound/lastIterateBound.ts';
import type { QuadraticOptions } from '../quadratic/quadraticRisk.ts';

/** What a schedule is designed for: the least value of this after its last update. */
export type DesignObjective =
  | ({ readonly type: 'bound' } & Pick<LastIterateOptions, 'distance' | 'gradientNorm'>)
  | ({ readonly type: 'quadratic' } & Omit<QuadraticOptions, 'steps'>)
  | { readonly type: 'law'; readonly model: Pick<LossModel, 'law' | 'parameters'> };

/** An objective over the rates of a run. */
export interface Objective {
  /** The value after the last update; Infinity where there is none. */
  readonly value: (etas: Float64Array) => number;
  /** The value's slope by each rate. */
  readonly slopes: (etas: Float64Array) => Float64Array;
  /** Whether all peaks may be compared, or only one is known. */
  readonly anyPeak: boolean;
  /** By what all rates are best multiplied, where a formula says it. */
  readonly bestScale?: (etas: Float64Array) => number;
}
