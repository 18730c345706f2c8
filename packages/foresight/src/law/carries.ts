import { ScheduleError } from '@anneal/core';
import type { LossLaw } from './lossLaw.ts';
import type { Recorded } from './recorded.ts';

/** Refuses runs that cannot determine a law, with what is missing. */
export function checkCarries(subject: string, law: LossLaw, runs: readonly Recorded[]): void {
  const refuse = (missing: string): never => {
    throw new ScheduleError('invalid', '/runs', `${subject}: the runs cannot carry the fit: ${missing}`, {
      parameter: 'runs',
    });
  };
  const counted = runs.reduce((sum, { at }) => sum + at.length, 0);
  const needed = 3 * law.parameters.length;
  if (counted < needed) refuse(`${needed} points are needed for ${law.parameters.length} parameters; given ${counted}`);

  let least = Infinity;
  let most = 0;
  for (const { rates, at } of runs) {
    let sum = 0;
    let step = 0;
    for (const end of at) {
      for (; step < end; step += 1) sum += rates[step]!;
      if (sum > 0) least = Math.min(least, sum);
      most = Math.max(most, sum);
    }
  }
  if (!(most >= 3 * least))
    refuse(
      'the sums of rates at the first and the last point differ by less than a factor of 3; add earlier points or a longer run',
    );

  // A fall tells something where the loss was also seen after it, and some way after it.
  const after = Math.max(
    ...runs.map(({ rates, at }) => {
      const fall = firstFall(rates);
      return at.reduce((count, step) => count + (step > fall ? 1 : 0), 0);
    }),
  );
  if (after < 5) refuse(`no run has 5 points after the rate begins to fall; add a run that decays or drops`);
  if (runs.every(({ losses }) => losses.at(-1)! >= losses[0]!))
    refuse('no loss ends below where it began; a law of falling losses says nothing of it');
}

/** The first step whose rate is below the one before; Infinity where none is. */
function firstFall(rates: Float64Array): number {
  const step = rates.findIndex((rate, k) => k > 0 && rate < rates[k - 1]!);
  return step < 0 ? Infinity : step;
}
