import type { Schedule } from '@anneal/core';
import type { QuadraticOptions } from '../src/index.ts';

/** A standard normal by Box and Muller, from a linear congruential generator of 32 bits (Numerical Recipes, 7.1). */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Mean risk over `walkers` real runs of stochastic gradient descent, after every tenth update, with its standard error. */
export function sampledRisk(
  schedule: Schedule,
  { steps, spectrum, noise, momentum = 0, batchSize = 1, initialMoments }: QuadraticOptions,
  walkers: number,
): readonly { readonly step: number; readonly mean: number; readonly error: number }[] {
  const normal = normals(7);
  const sums = new Float64Array(steps + 1);
  const squares = new Float64Array(steps + 1);
  for (let walker = 0; walker < walkers; walker += 1) {
    const x = spectrum.map((_, i) => Math.sqrt((initialMoments as readonly number[])[i]!) * normal());
    const v = spectrum.map(() => 0);
    for (let t = 0; t <= steps; t += 1) {
      const risk = spectrum.reduce((sum, lambda, i) => sum + (lambda * x[i]! ** 2) / 2, 0);
      sums[t]! += risk;
      squares[t]! += risk * risk;
      const gradient = spectrum.map((lambda, i) => (noise?.type === 'additive' ? lambda * x[i]! : 0));
      for (let b = 0; b < batchSize; b += 1) {
        if (noise?.type === 'additive') {
          const variances = noise.variance as readonly number[];
          spectrum.forEach((_, i) => (gradient[i]! += (Math.sqrt(variances[i]!) * normal()) / batchSize));
        } else {
          const inputs = spectrum.map((lambda) => Math.sqrt(lambda) * normal());
          const label = Math.sqrt(noise?.labelVariance ?? 0) * normal();
          const error = inputs.reduce((sum, a, i) => sum + a * x[i]!, 0) - label;
          inputs.forEach((a, i) => (gradient[i]! += (a * error) / batchSize));
        }
      }
      spectrum.forEach((_, i) => {
        v[i] = (momentum as number) * v[i]! + gradient[i]!;
        x[i]! -= schedule(t) * v[i];
      });
    }
  }
  return Array.from({ length: steps / 10 + 1 }, (_, i) => {
    const [step, mean] = [10 * i, sums[10 * i]! / walkers];
    return { step, mean, error: Math.sqrt((squares[step]! / walkers - mean * mean) / walkers) };
  });
}
