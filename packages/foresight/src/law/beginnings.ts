import type { LossLaw } from './lossLaw.ts';
import type { Leaning, Observed } from './objective.ts';
import { solve } from './solve.ts';

/** Where a fit begins: ln p for every combination of the law's guesses, with its linear parameters by least squares. */
export function beginnings(law: LossLaw, runs: readonly Observed[]): readonly Float64Array[] {
  let combinations: readonly Readonly<Record<string, number>>[] = [{}];
  for (const [name, guess] of Object.entries(law.guesses))
    combinations = combinations.flatMap((before) => guess!.from.map((value) => ({ ...before, [name]: value })));
  return combinations.map((guess) => beginning(law, runs, guess));
}

/** What the parameters lean to, all with one strength; those by which the loss is linear lean to nothing. */
export function leaningOf(law: LossLaw, strength: number): Leaning {
  const of = (value: (name: string) => number): Float64Array => Float64Array.from(law.parameters, value);
  return {
    towards: of((name) => Math.log(law.guesses[name]?.lean ?? 1)),
    strength: of((name) => (law.guesses[name] === undefined ? 0 : strength)),
  };
}

function beginning(law: LossLaw, runs: readonly Observed[], guess: Readonly<Record<string, number>>): Float64Array {
  const count = law.parameters.length;
  const places = law.linear.map((name) => law.parameters.indexOf(name));
  const parameters = law.parameters.map((name) => guess[name] ?? 1);
  const size = places.length;
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  let least = Infinity;
  for (const { course, logs, weights } of runs) {
    const slopes = new Float64Array(count * logs.length);
    law.evaluate(course, parameters, new Float64Array(logs.length), slopes);
    for (let i = 0; i < logs.length; i += 1) {
      if (weights[i] === 0) continue;
      const loss = Math.exp(logs[i]!);
      least = Math.min(least, loss);
      // At 1 the slope by the logarithm is the column itself.
      const row = places.map((place) => slopes[count * i + place]!);
      row.forEach((a, j) => {
        right[j]! += a * loss;
        row.forEach((b, k) => (matrix[j * size + k]! += a * b));
      });
    }
  }
  for (let j = 0; j < size; j += 1) matrix[j * size + j]! *= 1 + 1e-9;
  const solution = solve(matrix, right);
  places.forEach((place, j) => {
    const value = solution?.[j] ?? Number.NaN;
    // All are > 0; one that comes out otherwise begins small.
    parameters[place] = value > 0 ? value : j === 0 ? least / 2 : 1e-3 * least;
  });
  return Float64Array.from(parameters, Math.log);
}
