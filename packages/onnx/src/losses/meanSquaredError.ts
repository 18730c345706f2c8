import { mul, sub } from '../graph/arithmetic.ts';
import { feedInput, type Loss } from './loss.ts';

export interface RegressionLossOptions {
  /** Name of the model's value. Default "output". */
  readonly output?: string;
  /** Name of the targets in the batch, float32 of the same shape. Default "target". */
  readonly target?: string;
}

/** Mean of (output − target)² over all elements, PyTorch's `MSELoss`. */
export function meanSquaredError({ output = 'output', target = 'target' }: RegressionLossOptions = {}): Loss {
  return (graph, feeds) => {
    const difference = sub(graph, output, feedInput(graph, feeds, target));
    return graph.op('ReduceMean', [mul(graph, difference, difference)], { keepdims: 0 });
  };
}
