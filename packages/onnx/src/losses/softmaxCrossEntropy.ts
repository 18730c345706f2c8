import { add, div, exp, mul, neg, reduceSum, sub, where } from '../graph/arithmetic.ts';
import type { GraphBuilder } from '../graph/graphBuilder.ts';
import { OnnxError } from '../onnxError.ts';
import { checkOptionNames } from '../optionError.ts';
import { feedInput, outputOf, type Loss } from './loss.ts';

export interface SoftmaxCrossEntropyOptions {
  /** Name of the unnormalised log-probabilities, classes along the last axis. Default "logits", or the only output. */
  readonly logits?: string;
  /**
   * Name of the labels in the batch. Integers (int32 or int64) of the logits' shape without the last axis are class numbers; float32 of the
   * logits' shape are probabilities. Default "labels".
   */
  readonly labels?: string;
  /** s in [0, 1): the target is (1 − s)·label + s/C (Szegedy et al. 2016, section 7). Default 0. */
  readonly labelSmoothing?: number;
  /** The label of positions without one: they add nothing and are not counted. Default −100, as in PyTorch. Not with probabilities. */
  readonly ignoreIndex?: number;
}

/**
 * Mean cross entropy between softmax(logits) and the labels: −(1/N)·Σₙ Σ꜀ tₙ꜀·log softmax(logitsₙ)꜀, N the number of positions that are
 * not ignored. Equals PyTorch's `CrossEntropyLoss` with its default reduction.
 *
 * @throws OnnxError `argument` for a smoothing outside [0, 1), or `ignoreIndex` with probabilities as labels.
 */
export function softmaxCrossEntropy(options: SoftmaxCrossEntropyOptions = {}): Loss {
  checkOptionNames('softmaxCrossEntropy', ['logits', 'labels', 'labelSmoothing', 'ignoreIndex'], options);
  const { labels = 'labels', labelSmoothing = 0, ignoreIndex = -100 } = options;
  if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
    throw new OnnxError(
      'argument',
      'softmaxCrossEntropy',
      `labelSmoothing must be a number in [0, 1); received ${labelSmoothing}`,
    );
  }
  if (!(Number.isInteger(ignoreIndex) && Math.abs(ignoreIndex) < 2 ** 31))
    throw new OnnxError('argument', 'softmaxCrossEntropy', `ignoreIndex must be an integer; received ${ignoreIndex}`);
  return (graph, feeds, device = 'cpu') => {
    const logits = outputOf(graph, 'softmaxCrossEntropy', 'logits', options.logits);
    const target = feedInput(graph, feeds, labels);
    const type = feeds.get(labels)?.type ?? 'int64';
    if (!['int32', 'int64', 'float32'].includes(type))
      throw new OnnxError(
        'argument',
        labels,
        `labels are class numbers, int32 or int64, or probabilities, float32; received ${type}`,
      );
    const soft = type === 'float32';
    graph.requirements.push({
      loss: 'softmaxCrossEntropy',
      value: logits,
      target,
      ...(!soft && { classes: { ignored: ignoreIndex } }),
    });
    if (soft && options.ignoreIndex !== undefined) {
      throw new OnnxError('argument', 'softmaxCrossEntropy', 'ignoreIndex needs integer labels; received float32 ones');
    }
    // [positions, classes], whatever the axes before the last: classes stand second, where the operators want them.
    const flat = (value: string): string => graph.op('Flatten', [value], { axis: -1 });
    if (soft) return softLoss(graph, logProbabilitiesOf(graph, flat(logits), device), flat(target), labelSmoothing);
    const rank = feeds.get(labels)?.dims.length;
    const rows = rank === 1 ? logits : flat(logits);
    const index = rank === 1 ? target : graph.op('Reshape', [target, graph.list([-1])]);
    const int32 = (value: string): string => (type === 'int32' ? value : graph.op('Cast', [value], { to: 6 }));
    if (device === 'cpu' && labelSmoothing === 0) {
      const attributes = { reduction: 'mean', ignore_index: ignoreIndex };
      return graph.ops('SoftmaxCrossEntropyLoss', [rows, index], 2, attributes)[0] as string;
    }
    return composed(graph, logProbabilitiesOf(graph, rows, device), int32(index), labelSmoothing, ignoreIndex);
  };
}

/** log softmax along the second axis. */
function logProbabilitiesOf(graph: GraphBuilder, rows: string, target: 'cpu' | 'webgpu'): string {
  if (target === 'cpu') return graph.op('LogSoftmax', [rows], { axis: 1 });
  // Not on WebGPU. Any shift within 1 of the maximum keeps the sum in range, and the gradient ends at Ceil: a shift cancels out.
  const shift = graph.op('Ceil', [graph.op('ReduceMax', [rows, graph.list([1])], { keepdims: 1 })]);
  const shifted = sub(graph, rows, shift);
  return sub(graph, shifted, graph.op('Log', [reduceSum(graph, exp(graph, shifted), [1])]));
}

/** The mean over the rows that are not ignored of (1 − s)·(−log p of the label) + s·(−mean log p). */
function composed(
  graph: GraphBuilder,
  logProbabilities: string,
  index: string,
  smoothing: number,
  ignored: number,
): string {
  const number = (value: number): string =>
    graph.parameter(graph.unique('constant'), { type: 'int32', dims: [], data: Int32Array.of(value) });
  const skip = graph.op('Equal', [index, number(ignored)]);
  const safe = graph.op('Where', [skip, number(0), index]);
  const column = (value: string): string => graph.op('Unsqueeze', [value, graph.list([1])]);
  let rows = neg(graph, graph.op('GatherElements', [logProbabilities, column(safe)], { axis: 1 }));
  if (smoothing > 0)
    rows = sub(graph, mul(graph, rows, 1 - smoothing), mul(graph, rowMean(graph, logProbabilities), smoothing));
  const counted = column(where(graph, skip, 0, 1));
  return div(graph, reduceSum(graph, mul(graph, rows, counted), undefined, 0), reduceSum(graph, counted, undefined, 0));
}

const rowMean = (graph: GraphBuilder, rows: string): string =>
  graph.op('ReduceMean', [rows, graph.list([1])], { keepdims: 1 });

/** −(1/N)·Σ ((1 − s)·t + s/C)·log p */
function softLoss(graph: GraphBuilder, logProbabilities: string, target: string, smoothing: number): string {
  let rows = reduceSum(graph, mul(graph, target, logProbabilities), [1]);
  if (smoothing > 0)
    rows = add(graph, mul(graph, rows, 1 - smoothing), mul(graph, rowMean(graph, logProbabilities), smoothing));
  return neg(graph, graph.op('ReduceMean', [rows], { keepdims: 0 }));
}
