import { float, type Tensor } from '@anneal/onnx';
import { x, type RuleCase } from './ruleCase.ts';

const mask: Tensor = { type: 'bool', dims: [3, 4], data: Uint8Array.of(1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 0, 1) };
const opset = 23;

/** Queries, keys and values of [batch, heads, length, size], or of [batch, length, heads·size]. */
export const attentionCases: readonly RuleCase[] = [
  { op: 'Attention', inputs: [x(1, 2, 3, 2), x(1, 2, 4, 2), x(1, 2, 4, 3)], opset },
  {
    op: 'Attention',
    inputs: [x(1, 2, 3, 2), x(1, 2, 4, 2), x(1, 2, 4, 2), mask],
    attributes: { scale: float(0.3) },
    opset,
  },
  { op: 'Attention', inputs: [x(2, 1, 3, 2), x(2, 1, 3, 2), x(2, 1, 3, 2)], attributes: { is_causal: 1 }, opset },
  {
    op: 'Attention',
    note: 'a summand',
    inputs: [x(1, 2, 3, 2), x(1, 2, 4, 2), x(1, 2, 4, 2), x(3, 4)],
    attributes: { scale: float(0.5) },
    opset,
  },
  {
    op: 'Attention',
    note: 'three axes, fewer heads of keys than of queries',
    inputs: [x(1, 3, 8), x(1, 3, 4), x(1, 3, 4)],
    attributes: { q_num_heads: 4, kv_num_heads: 2, softcap: float(0), qk_matmul_output_mode: 0, softmax_precision: 1 },
    opset,
  },
];
