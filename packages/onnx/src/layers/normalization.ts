import { float, type GraphBuilder } from '../graph/graphBuilder.ts';
import { checkWhole, vector } from './weights.ts';

interface NormOptions {
  /** The parameters are named `${name}.weight` and `${name}.bias`. */
  readonly name: string;
  /** Added to the variance; 1e-5 by default (Keras: 1e-3). */
  readonly epsilon?: number;
  /** Factor, γ; without it ones. */
  readonly weight?: ArrayLike<number>;
  /** Summand, β; without it zeros. */
  readonly bias?: ArrayLike<number>;
}

export interface BatchNormOptions extends NormOptions {
  /** Channels of x. */
  readonly channels: number;
  /** Share of the stored statistics that an update while training keeps; 0.9 by default (PyTorch writes 1 − this: 0.1). */
  readonly momentum?: number;
  /** Stored mean, `${name}.running_mean`; without it zeros. */
  readonly runningMean?: ArrayLike<number>;
  /** Stored variance, `${name}.running_var`; without it ones. */
  readonly runningVariance?: ArrayLike<number>;
}

/**
 * Normalises each channel of x, [batch, channels, …]: y = γ·(x − mean)/√(variance + ε) + β with the stored statistics.
 * Ioffe, Szegedy 2015, arXiv 1502.03167.
 */
export function batchNorm(graph: GraphBuilder, x: string, options: BatchNormOptions): string {
  const { name, channels, epsilon = 1e-5, momentum = 0.9 } = options;
  checkWhole(name, { channels });
  const parameters = [
    vector(graph, `${name}.weight`, channels, options.weight, 1),
    vector(graph, `${name}.bias`, channels, options.bias),
    vector(graph, `${name}.running_mean`, channels, options.runningMean),
    vector(graph, `${name}.running_var`, channels, options.runningVariance, 1),
  ];
  return graph.op(
    'BatchNormalization',
    [x, ...parameters],
    { epsilon: float(epsilon), momentum: float(momentum) },
    name,
  );
}

export interface LayerNormOptions extends NormOptions {
  /** Length of the last axis of x. */
  readonly width: number;
}

/**
 * Normalises x along its last axis: y = γ·(x − mean)/√(variance + ε) + β with the mean and variance of each row.
 * Ba et al. 2016, arXiv 1607.06450.
 */
export function layerNorm(graph: GraphBuilder, x: string, options: LayerNormOptions): string {
  const { name, width, epsilon = 1e-5 } = options;
  checkWhole(name, { width });
  const parameters = [
    vector(graph, `${name}.weight`, width, options.weight, 1),
    vector(graph, `${name}.bias`, width, options.bias),
  ];
  return graph.op('LayerNormalization', [x, ...parameters], { epsilon: float(epsilon) }, name);
}
