import { mul, sub } from '../graph/arithmetic.ts';
import { checkOptionNames } from '../optionError.ts';
import { feedInput, outputOf, type Loss } from './loss.ts';
import type { GraphBuilder } from '../graph/graphBuilder.ts';
import type { Shapes } from '../graph/shapes.ts';

export interface RegressionLossOptions {
  /** Name of the model's value. Default "output", or the only output. */
  readonly output?: string;
  /** Name of the targets in the batch, float32 of the same shape. Default "target". */
  readonly target?: string;
}

/** Mean of (output − target)² over all elements, PyTorch's `MSELoss`. */
export function meanSquaredError(options: RegressionLossOptions = {}): Loss {
  checkOptionNames('meanSquaredError', ['output', 'target'], options);
  const { output, target = 'target' } = options;
  return (graph, feeds) => {
    const difference = sub(graph, ...compared(graph, feeds, 'meanSquaredError', { output, target }));
    return graph.op('ReduceMean', [mul(graph, difference, difference)], { keepdims: 0 });
  };
}

/** The value of a regression and its targets, which must have one shape. */
export function compared(
  graph: GraphBuilder,
  feeds: Shapes,
  loss: string,
  options: { readonly output: string | undefined; readonly target: string },
): [value: string, target: string] {
  const value = outputOf(graph, loss, 'output', options.output);
  const target = feedInput(graph, feeds, options.target);
  graph.requirements.push({ loss, value, target });
  return [value, target];
}
