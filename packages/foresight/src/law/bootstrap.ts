import { mustBe } from '@anneal/core';
import { checkKeys } from '@anneal/core/options';
import { descend } from './descend.ts';
import type { LossLaw } from './lossLaw.ts';
import { errorsOf, type Leaning, type Observed } from './objective.ts';
import { uniforms } from './uniforms.ts';

export interface Bootstrap {
  /** What is drawn with replacement: stretches of the residuals within each run, or whole runs. */
  readonly over: 'blocks' | 'runs';
  readonly replicates: number;
  readonly seed: number;
}

/**
 * Fits drawn data anew, to see how far the parameters would move.
 *
 * Losses on the way of one run err together, so residuals are drawn in stretches of about n^⅓·2 neighbours and laid over the fitted curve; over runs, each
 * counts as often as it is drawn.
 *
 * @source Künsch 1989, The Jackknife and the Bootstrap for General Stationary Observations (moving blocks).
 */
export function bootstrap(
  law: LossLaw,
  runs: readonly Observed[],
  leaning: Leaning,
  logs: Float64Array,
  { over, replicates, seed }: Bootstrap,
): readonly Float64Array[] {
  const uniform = uniforms(seed);
  const total = runs.reduce((sum, run) => sum + run.logs.length, 0);
  // Fitted residuals are smaller than errors, the more parameters there are.
  const widen = Math.sqrt(total / Math.max(1, total - logs.length));
  const curves = runs.map((run) => {
    const errors = errorsOf(law, run, logs);
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    return {
      fitted: run.logs.map((measured, i) => measured + errors[i]!),
      residuals: errors.map((error) => widen * (mean - error)),
    };
  });
  return Array.from({ length: replicates }, () => {
    const drawn =
      over === 'blocks' ? runs.map((run, i) => ({ ...run, logs: shaken(curves[i]!, uniform) })) : picked(runs, uniform);
    return descend(law, drawn, leaning, logs, { rounds: 40, tolerance: 1e-5 }).logs;
  });
}

function shaken(
  { fitted, residuals }: { readonly fitted: Float64Array; readonly residuals: Float64Array },
  uniform: () => number,
): Float64Array {
  const { length } = residuals;
  const block = Math.min(length, Math.ceil(2 * Math.cbrt(length)));
  const drawn = fitted.slice();
  for (let at = 0; at < length; at += block) {
    const from = Math.floor(uniform() * (length - block + 1));
    for (let i = 0; i < block && at + i < length; i += 1) drawn[at + i]! += residuals[from + i]!;
  }
  return drawn;
}

function picked(runs: readonly Observed[], uniform: () => number): readonly Observed[] {
  const times = runs.map(() => 0);
  for (let i = 0; i < runs.length; i += 1) times[Math.floor(uniform() * runs.length)]! += 1;
  return runs.map((run, i) => ({ ...run, weights: run.weights.map((weight) => weight * times[i]!) }));
}

/** Checks what is drawn, and fills in the defaults. */
export function readBootstrap(subject: string, given: Partial<Bootstrap>, runs: number): Bootstrap {
  const where = `${subject}: bootstrap`;
  checkKeys(where, ['over', 'replicates', 'seed'], given);
  const { over = 'blocks', replicates = 200, seed = 1 } = given;
  if (over !== 'blocks' && over !== 'runs') mustBe(where, 'over', '"blocks" or "runs"', over);
  if (over === 'runs' && runs < 4) mustBe(where, 'over', `"blocks" for fewer than 4 runs`, over);
  if (!(Number.isInteger(replicates) && replicates >= 0 && replicates <= 10_000))
    mustBe(where, 'replicates', 'an integer from 0 to 10000', replicates);
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)) mustBe(where, 'seed', 'an integer of 32 bits', seed);
  return { over, replicates, seed };
}
