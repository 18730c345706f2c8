import { add, div, mul, reduceSum, sqrt } from '../graph/arithmetic.ts';
import type { GraphBuilder } from '../graph/graphBuilder.ts';
import { OnnxError } from '../onnxError.ts';
import { checkOptionNames } from '../optionError.ts';

export interface Clipping {
  /** Each element of each gradient is brought into [−value, value] first. */
  readonly value?: number;
  /** All gradients together are scaled by min(1, globalNorm/(‖g‖₂ + 1e-6)), as PyTorch's `clip_grad_norm_` does (Pascanu et al. 2013). */
  readonly globalNorm?: number;
}

/** Clips gradients, in the order value, global norm. */
export function clipGradients(
  graph: GraphBuilder,
  gradients: ReadonlyMap<string, string>,
  clip: Clipping,
): ReadonlyMap<string, string> {
  checkOptionNames('clip', ['value', 'globalNorm'], clip);
  for (const [name, bound] of Object.entries(clip)) {
    if (!(bound > 0)) throw new OnnxError('argument', 'clip', `${name} must be a number > 0; received ${bound}`);
  }
  let entries = [...gradients];
  if (clip.value !== undefined) {
    const [low, high] = [graph.scalar(-clip.value), graph.scalar(clip.value)];
    entries = entries.map(([name, g]) => [name, graph.op('Clip', [g, low, high])]);
  }
  if (clip.globalNorm !== undefined) {
    const squares = entries.map(([, g]) => reduceSum(graph, mul(graph, g, g), undefined, 0));
    const norm = sqrt(
      graph,
      squares.reduce((a, b) => add(graph, a, b)),
    );
    const factor = graph.op('Min', [div(graph, clip.globalNorm, add(graph, norm, 1e-6)), graph.scalar(1)]);
    entries = entries.map(([name, g]) => [name, mul(graph, g, factor)]);
  }
  return new Map(entries);
}
