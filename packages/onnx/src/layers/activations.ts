import { add, mul } from '../graph/arithmetic.ts';
import type { GraphBuilder } from '../graph/graphBuilder.ts';

/** max(0, x) */
export const relu = (graph: GraphBuilder, x: string): string => graph.op('Relu', [x]);
/** tanh x */
export const tanh = (graph: GraphBuilder, x: string): string => graph.op('Tanh', [x]);
/** 1/(1 + e⁻ˣ) */
export const sigmoid = (graph: GraphBuilder, x: string): string => graph.op('Sigmoid', [x]);
/** eˣ/Σeˣ along the last axis */
export const softmax = (graph: GraphBuilder, x: string): string => graph.op('Softmax', [x], { axis: -1 });
/** x·sigmoid(x), also called swish. Ramachandran et al. 2017, arXiv 1710.05941. */
export const silu = (graph: GraphBuilder, x: string): string => mul(graph, x, sigmoid(graph, x));

/**
 * x·Φ(x), Φ the distribution function of the normal distribution; "tanh": x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))), the
 * approximation of GPT-2. Hendrycks, Gimpel 2016, arXiv 1606.08415. Written with `Erf` and `Tanh` where the graph's operator set is older than
 * the operator `Gelu` (20).
 */
export function gelu(graph: GraphBuilder, x: string, approximate: 'none' | 'tanh' = 'none'): string {
  if (graph.opset >= 20) return graph.op('Gelu', [x], { approximate });
  const inner =
    approximate === 'none'
      ? graph.op('Erf', [mul(graph, x, Math.SQRT1_2)])
      : tanh(
          graph,
          mul(graph, mul(graph, x, Math.sqrt(2 / Math.PI)), add(graph, mul(graph, mul(graph, x, x), 0.044715), 1)),
        );
  return mul(graph, mul(graph, x, 0.5), add(graph, inner, 1));
}
