import type { Loss } from '@anneal/onnx';

/**
 * The loss of REINFORCE: −Σ advantage·log π(action | state), whose gradient is the policy gradient. `actions` are one-hot; `advantages` are 0 where
 * an episode is over, and divided by the number of steps.
 *
 * log π is written out, so that it also trains where there is no kernel for it: any shift near the largest logit cancels out.
 *
 * @source Williams 1992, Simple Statistical Gradient-Following Algorithms for Connectionist Reinforcement Learning, equation 4.
 */
export const policyLoss: Loss = (graph, feeds) => {
  const input = (name: string): string => {
    const { type, dims } = feeds.get(name)!;
    return graph.input(name, type, dims);
  };
  const last = graph.list([-1]);
  const shift = graph.op('Ceil', [graph.op('ReduceMax', ['logits', last], { keepdims: 1 })]);
  const shifted = graph.op('Sub', ['logits', shift]);
  const total = graph.op('ReduceSum', [graph.op('Exp', [shifted]), last], { keepdims: 1 });
  const logs = graph.op('Sub', [shifted, graph.op('Log', [total])]);
  const chosen = graph.op('ReduceSum', [graph.op('Mul', [logs, input('actions')]), last], { keepdims: 0 });
  const weighted = graph.op('Mul', [chosen, input('advantages')]);
  return graph.op('Neg', [graph.op('ReduceSum', [weighted], { keepdims: 0 })]);
};
