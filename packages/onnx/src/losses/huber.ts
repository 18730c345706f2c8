import { less, mul, sub, where } from '../graph/arithmetic.ts';
import { OnnxError } from '../onnxError.ts';
import { checkOptionNames } from '../optionError.ts';
import type { Loss } from './loss.ts';
import { compared, type RegressionLossOptions } from './meanSquaredError.ts';

export interface HuberOptions extends RegressionLossOptions {
  /** δ > 0: where the loss turns from quadratic to linear. Default 1. */
  readonly delta?: number;
}

/**
 * Mean over all elements of d²/2 for |d| < δ, else δ·(|d| − δ/2), d = output − target (Huber 1964); PyTorch's `HuberLoss`.
 *
 * @throws OnnxError `argument` unless δ > 0.
 */
export function huber(options: HuberOptions = {}): Loss {
  checkOptionNames('huber', ['output', 'target', 'delta'], options);
  const { output, target = 'target', delta = 1 } = options;
  if (!(delta > 0 && delta < Infinity))
    throw new OnnxError('argument', 'huber', `delta must be a number > 0; received ${delta}`);
  return (graph, feeds) => {
    const difference = sub(graph, ...compared(graph, feeds, 'huber', { output, target }));
    const distance = graph.op('Abs', [difference]);
    const quadratic = mul(graph, mul(graph, difference, difference), 0.5);
    const linear = mul(graph, sub(graph, distance, delta / 2), delta);
    return graph.op('ReduceMean', [where(graph, less(graph, distance, delta), quadratic, linear)], { keepdims: 0 });
  };
}
