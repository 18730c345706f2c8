import type { GraphBuilder } from '../graph/graphBuilder.ts';
import { windowAttributes, type WindowOptions } from './windowOptions.ts';

/** Windows side by side unless a stride is given, as in PyTorch and Keras. */
const sliding = (layer: string, options: WindowOptions): ReturnType<typeof windowAttributes> =>
  windowAttributes(layer, { ...options, stride: options.stride ?? options.kernel });

/** The largest element of each window. */
export const maxPool = (graph: GraphBuilder, x: string, options: WindowOptions): string =>
  graph.op('MaxPool', [x], sliding('maxPool', options));

/** The mean of each window; elements of the padding do not count, as in Keras (PyTorch counts them by default). */
export function averagePool(graph: GraphBuilder, x: string, options: Omit<WindowOptions, 'dilation'>): string {
  // The operator has had dilations since operator set 19 only.
  const { dilations: _, ...attributes } = sliding('averagePool', options);
  return graph.op('AveragePool', [x], attributes);
}

/** The mean of each channel: [batch, channels, …] to [batch, channels]. */
export const globalAveragePool = (graph: GraphBuilder, x: string): string =>
  graph.op('Flatten', [graph.op('GlobalAveragePool', [x])]);
