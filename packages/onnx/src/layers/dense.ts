import type { GraphBuilder } from '../graph/graphBuilder.ts';
import { float32 } from '../graph/tensor.ts';
import { OnnxError } from '../onnxError.ts';

export interface DenseOptions {
  /** The parameters are named `${name}.weight` and `${name}.bias`, as PyTorch names them. */
  readonly name: string;
  /** Width of the input. */
  readonly inputs: number;
  /** Width of the result. */
  readonly outputs: number;
  /** Row-major [inputs, outputs], the layout of Keras and tfjs (PyTorch's `Linear` holds the transpose). */
  readonly weight: ArrayLike<number>;
  /** [outputs]; without it zeros, and with `false` no bias at all. */
  readonly bias?: ArrayLike<number> | false;
}

/**
 * A fully connected layer: y = x·W + b for x of shape [batch, inputs].
 *
 * @throws OnnxError `argument` when a parameter does not have the elements its shape asks for.
 */
export function dense(graph: GraphBuilder, x: string, options: DenseOptions): string {
  const { name, inputs, outputs, weight, bias } = options;
  if (!(Number.isSafeInteger(inputs) && inputs > 0 && Number.isSafeInteger(outputs) && outputs > 0)) {
    throw new OnnxError('argument', name, `dense needs positive whole widths; received ${inputs} and ${outputs}`);
  }
  const w = graph.parameter(`${name}.weight`, float32([inputs, outputs], weight));
  if (bias === false) return graph.op('MatMul', [x, w], {}, name);
  const b = graph.parameter(`${name}.bias`, float32([outputs], bias ?? new Float32Array(outputs)));
  return graph.op('Gemm', [x, w, b], {}, name);
}
