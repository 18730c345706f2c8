import type { GraphBuilder } from '../graph/graphBuilder.ts';
import { checkWhole, vector, weight, type Weights } from './weights.ts';

export interface DenseOptions {
  /** The parameters are named `${name}.weight` and `${name}.bias`, as PyTorch names them. */
  readonly name: string;
  /** Width of the input. */
  readonly inputs: number;
  /** Width of the result. */
  readonly outputs: number;
  /** [inputs, outputs], the layout of Keras and tfjs (PyTorch's `Linear` holds the transpose). */
  readonly weight: Weights;
  /** [outputs]; without it zeros, and with `false` no bias at all. */
  readonly bias?: ArrayLike<number> | false;
}

/**
 * A fully connected layer: y = x·W + b along the last axis of x, whatever stands before it.
 *
 * @throws OnnxError `argument` when a parameter does not have the elements its shape asks for.
 */
export function dense(graph: GraphBuilder, x: string, options: DenseOptions): string {
  const { name, inputs, outputs, bias } = options;
  checkWhole(name, { inputs, outputs });
  const w = weight(graph, `${name}.weight`, [inputs, outputs], options.weight, [inputs, outputs]);
  if (bias === false) return graph.op('MatMul', [x, w], {}, name);
  const b = vector(graph, `${name}.bias`, outputs, bias);
  return graph.op('Add', [graph.op('MatMul', [x, w]), b], {}, name);
}
