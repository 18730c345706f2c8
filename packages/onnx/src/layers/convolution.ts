import type { GraphBuilder } from '../graph/graphBuilder.ts';
import { sizeOf } from '../graph/tensor.ts';
import { OnnxError } from '../onnxError.ts';
import { checkWhole, vector, weight, type Weights } from './weights.ts';
import { windowAttributes, type WindowOptions } from './windowOptions.ts';

export interface ConvolutionOptions extends WindowOptions {
  /** The parameters are named `${name}.weight` and `${name}.bias`. */
  readonly name: string;
  /** Channels of the input. */
  readonly inputs: number;
  /** Channels of the result. */
  readonly outputs: number;
  /** Channels are cut into this many groups that do not see each other; as many as `inputs`: depthwise. 1 by default. */
  readonly groups?: number;
  /** [outputs, inputs/groups, kernel…], the layout of PyTorch (Keras and tfjs: [kernel…, inputs/groups, outputs]). */
  readonly weight: Weights;
  /** [outputs]; without it zeros, and with `false` no bias at all. */
  readonly bias?: ArrayLike<number> | false;
}

/**
 * A convolution over x of shape [batch, inputs, height, width] (one or three axes after the channels, as `kernel` has numbers).
 *
 * @throws OnnxError `argument` when a number is out of its range, or a parameter does not have the elements its shape asks for.
 */
export function convolution(graph: GraphBuilder, x: string, options: ConvolutionOptions): string {
  const { name, inputs, outputs, groups = 1, bias } = options;
  checkWhole(name, { inputs, outputs, groups });
  if (inputs % groups !== 0 || outputs % groups !== 0)
    throw new OnnxError(
      'argument',
      name,
      `groups must divide inputs and outputs; received ${groups} of ${inputs} and ${outputs}`,
    );
  const attributes = windowAttributes(name, options);
  const kernel = attributes['kernel_shape'] as readonly number[];
  const window = sizeOf(kernel);
  const fans = [(inputs / groups) * window, (outputs / groups) * window] as const;
  const w = weight(graph, `${name}.weight`, [outputs, inputs / groups, ...kernel], options.weight, fans);
  const b = bias === false ? [] : [vector(graph, `${name}.bias`, outputs, bias)];
  return graph.op('Conv', [x, w, ...b], { ...attributes, group: groups }, name);
}
