import type { GraphBuilder } from '../graph/graphBuilder.ts';
import { OnnxError } from '../onnxError.ts';
import { checkWhole, vector, weight, type Weights } from './weights.ts';

export interface SelfAttentionOptions {
  /**
   * The parameters are named as those of PyTorch's `MultiheadAttention`: `${name}.in_proj_weight`, `${name}.in_proj_bias`,
   * `${name}.out_proj.weight`, `${name}.out_proj.bias`.
   */
  readonly name: string;
  /** Length of a row of x, a multiple of `heads`. */
  readonly width: number;
  readonly heads: number;
  /** With the length of the sequences, a position sees only itself and those before it. */
  readonly causalLength?: number;
  /** [width, 3·width]: queries, keys and values side by side (PyTorch holds the transpose). */
  readonly inWeight: Weights;
  /** [3·width]; without it zeros. */
  readonly inBias?: ArrayLike<number>;
  /** [width, width] */
  readonly outWeight: Weights;
  /** [width]; without it zeros. */
  readonly outBias?: ArrayLike<number>;
}

/**
 * Every position of x, [batch, length, width], takes from all others: softmax(Q·Kᵀ/√(width/heads))·V in each head, then a
 * matrix over all heads. Vaswani et al. 2017, arXiv 1706.03762, section 3.2.
 */
export function selfAttention(graph: GraphBuilder, x: string, options: SelfAttentionOptions): string {
  const { name, width, heads, causalLength } = options;
  checkWhole(name, { width, heads });
  if (width % heads !== 0)
    throw new OnnxError('argument', name, `heads must divide width; received ${heads} of ${width}`);
  const square = [width, width] as const;
  const inWeight = weight(graph, `${name}.in_proj_weight`, [width, 3 * width], options.inWeight, square);
  const inBias = vector(graph, `${name}.in_proj_bias`, 3 * width, options.inBias);
  const projected = graph.op('Add', [graph.op('MatMul', [x, inWeight]), inBias]);
  // [batch, length, width] to [batch, heads, length, width/heads]; keys with their last axes swapped.
  const [q, k, v] = graph
    .ops('Split', [projected], 3, { axis: -1, num_outputs: 3 })
    .map((part) => graph.op('Reshape', [part, graph.list([0, 0, heads, width / heads])]))
    .map((part, i) => graph.op('Transpose', [part], { perm: i === 1 ? [0, 2, 3, 1] : [0, 2, 1, 3] })) as [
    string,
    string,
    string,
  ];
  let scores = graph.op('Mul', [graph.op('MatMul', [q, k]), graph.scalar(Math.sqrt(heads / width))]);
  if (causalLength !== undefined) {
    checkWhole(name, { causalLength });
    scores = graph.op('Where', [causalMask(graph, name, causalLength), scores, graph.scalar(-1e9)]);
  }
  const mixed = graph.op('MatMul', [graph.op('Softmax', [scores], { axis: -1 }), v]);
  const joined = graph.op('Reshape', [
    graph.op('Transpose', [mixed], { perm: [0, 2, 1, 3] }),
    graph.list([0, 0, width]),
  ]);
  const outWeight = weight(graph, `${name}.out_proj.weight`, square, options.outWeight, square);
  const outBias = vector(graph, `${name}.out_proj.bias`, width, options.outBias);
  return graph.op('Add', [graph.op('MatMul', [joined, outWeight]), outBias], {}, name);
}

/** [length, length]: whether the position of the row sees that of the column. */
const causalMask = (graph: GraphBuilder, name: string, length: number): string =>
  graph.parameter(graph.unique(`${name}.mask`), {
    type: 'bool',
    dims: [length, length],
    data: Uint8Array.from({ length: length ** 2 }, (_, i) => (i % length <= Math.floor(i / length) ? 1 : 0)),
  });
