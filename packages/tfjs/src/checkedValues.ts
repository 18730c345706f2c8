import type { GroupValues, Hyperparameter } from '@anneal/core';
import { refuse } from './refuse.ts';

/** Values fit to be written: all finite and >= 0, βs below 1, the learning rate rounded to float32. Throws otherwise. */
export function checkedValues(values: GroupValues, step: number, prefix = ''): GroupValues {
  // Rounded first: a rate beyond float32's largest number is infinite where it would be used.
  const rounded = { ...values, learningRate: Math.fround(values.learningRate) };
  for (const [name, value] of Object.entries(rounded)) {
    const place = prefix + name;
    const limit = name.startsWith('beta') ? 1 : Infinity;
    if (!(value >= 0 && value < limit))
      refuse(
        'invalid',
        `/${place}`,
        `bindOptimizer: ${place} at step ${step} must be >= 0 and < ${limit}; received ${values[name as Hyperparameter]}`,
        value,
      );
  }
  return rounded;
}
