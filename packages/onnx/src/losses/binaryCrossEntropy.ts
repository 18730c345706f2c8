import { add, exp, mul, neg, sub } from '../graph/arithmetic.ts';
import { checkOptionNames } from '../optionError.ts';
import { feedInput, outputOf, type Loss } from './loss.ts';

export interface BinaryCrossEntropyOptions {
  /** Name of the model's log-odds. Default "logits", or the only output. */
  readonly logits?: string;
  /** Name of the targets in the batch: float32 in [0, 1], of the logits' shape. Default "labels". */
  readonly labels?: string;
}

/**
 * Mean binary cross entropy of log-odds z with targets t: max(z, 0) − z·t + log(1 + e^{−|z|}), which does not overflow. PyTorch's
 * `BCEWithLogitsLoss`.
 */
export function binaryCrossEntropy(options: BinaryCrossEntropyOptions = {}): Loss {
  checkOptionNames('binaryCrossEntropy', ['logits', 'labels'], options);
  const { labels = 'labels' } = options;
  return (graph, feeds) => {
    const logits = outputOf(graph, 'binaryCrossEntropy', 'logits', options.logits);
    const target = feedInput(graph, feeds, labels);
    graph.requirements.push({ loss: 'binaryCrossEntropy', value: logits, target });
    const rest = graph.op('Log', [add(graph, exp(graph, neg(graph, graph.op('Abs', [logits]))), 1)]);
    const each = add(graph, sub(graph, graph.op('Relu', [logits]), mul(graph, logits, target)), rest);
    return graph.op('ReduceMean', [each], { keepdims: 0 });
  };
}
