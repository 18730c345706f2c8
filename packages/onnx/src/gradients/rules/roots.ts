import type { GraphNode } from '../../graph/model.ts';
import type { NodeContext } from '../../graph/nodeContext.ts';

const passed = new Set(['Identity', 'Cast', 'CastLike', 'Reshape', 'Squeeze', 'Unsqueeze']);
const sums = new Set(['ReduceSum', 'ReduceMean']);

/**
 * Whether a value is a sum of squares, or of other powers: its root is a norm, a distance or a standard deviation, as exporters write
 * them in parts. Where such a root is 0 PyTorch takes 0 for its gradient, as a subgradient; the root of a single number has a pole there.
 */
export function isSumOfPowers(c: Pick<NodeContext, 'producer'>, value: string): boolean {
  const node = c.producer(value);
  if (node === undefined || node.domain !== '') return false;
  const [first = '', second = ''] = node.inputs;
  if (node.op === 'ReduceSumSquare') return true;
  if (sums.has(node.op)) return isPower(c.producer(first));
  if (passed.has(node.op) || node.op === 'Div') return isSumOfPowers(c, first);
  return node.op === 'Mul' && first !== second && (isSumOfPowers(c, first) || isSumOfPowers(c, second));
}

const isPower = (node: GraphNode | undefined): boolean =>
  node !== undefined && (node.op === 'Pow' || (node.op === 'Mul' && node.inputs[0] === node.inputs[1]));
