import { add, exp, mul, neg, sub } from '../graph/arithmetic.ts';
import { feedInput, type Loss } from './loss.ts';

export interface BinaryCrossEntropyOptions {
  /** Name of the model's log-odds. Default "logits". */
  readonly logits?: string;
  /** Name of the targets in the batch: float32 in [0, 1], of the logits' shape. Default "labels". */
  readonly labels?: string;
}

/**
 * Mean binary cross entropy of log-odds z with targets t: max(z, 0) − z·t + log(1 + e^{−|z|}), which does not overflow. PyTorch's
 * `BCEWithLogitsLoss`.
 */
export function binaryCrossEntropy({ logits = 'logits', labels = 'labels' }: BinaryCrossEntropyOptions = {}): Loss {
  return (graph, feeds) => {
    const target = feedInput(graph, feeds, labels);
    const rest = graph.op('Log', [add(graph, exp(graph, neg(graph, graph.op('Abs', [logits]))), 1)]);
    const each = add(graph, sub(graph, graph.op('Relu', [logits]), mul(graph, logits, target)), rest);
    return graph.op('ReduceMean', [each], { keepdims: 0 });
  };
}
