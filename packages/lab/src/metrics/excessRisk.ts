import { addTensor } from './addTensor.ts';
import { emptyMean, meanOf, type MeanState } from './mean.ts';
import type { Metric } from './metric.ts';

/** Mean of what the model says is its risk above the least possible one, an output of the graph; default "excessRisk". */
export const excessRisk = ({ output = 'excessRisk' }: { readonly output?: string } = {}): Metric<MeanState> => ({
  name: 'excessRisk',
  goal: 'min',
  unit: 'number',
  init: emptyMean,
  add: (state, outputs) => addTensor('excessRisk', 'the outputs of the model', state, outputs, output),
  value: meanOf,
});
