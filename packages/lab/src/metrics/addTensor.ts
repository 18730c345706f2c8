import type { Batch } from '../data/tensor.ts';
import { LabError } from '../labError.ts';
import { plus, type MeanState } from './mean.ts';

/** The state with every number of one tensor added; throws a {@link LabError} that names it where it is missing. */
export function addTensor(metric: string, what: string, state: MeanState, from: Batch, name: string): MeanState {
  const tensor = from[name];
  if (tensor === undefined) {
    const held = Object.keys(from).join(', ') || 'nothing';
    throw new LabError('invalid', `${metric}: ${what} must hold ${name}; it holds ${held}`);
  }
  let sum = 0;
  for (const value of tensor.data) sum += Number(value);
  return plus(state, sum, tensor.data.length);
}
