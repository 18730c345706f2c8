import { add, div, exp, mul, reduceSum, sub, where } from '../../graph/arithmetic.ts';
import { int64, sizeOf } from '../../graph/tensor.ts';
import type { GradientContext, GradientRule } from '../gradientRule.ts';

/**
 * SoftmaxCrossEntropyLoss(logits, labels): logits [N, C, d…], labels [N, d…], both outputs (loss, log p).
 * With m the mask of labels that are not ignored, dlogits = dloss·m·(p − onehot)/n (n = Σm for "mean", 1 for "sum" and "none"),
 * and from the second output dlog p − p·Σ dlog p.
 */
const crossEntropy: GradientRule = {
  op: 'SoftmaxCrossEntropyLoss',
  attributes: ['reduction', 'ignore_index'],
  inputs: [0],
  gradient(c, dy) {
    if (c.input(2) !== '') c.refuse('class weights');
    const [logits, labels] = [c.input(0), c.input(1)];
    const logProbabilities = c.output(1) === '' ? c.op('LogSoftmax', [logits], { axis: 1 }) : c.output(1);
    const p = exp(c, logProbabilities);
    return [addFrom(c, p, lossPart(c, dy, p, labels))];
  },
};

function lossPart(c: GradientContext, dy: string, p: string, labels: string): string {
  const reduction = c.text('reduction', 'mean');
  const ignored = c.int('ignore_index', Number.NaN);
  let scale = reduction === 'none' ? c.op('Unsqueeze', [dy, c.list([1])]) : dy;
  if (!Number.isNaN(ignored)) {
    const mask = where(c, c.op('Equal', [labels, integers(c, [], [ignored])]), 0, 1);
    if (reduction === 'mean') scale = div(c, scale, reduceSum(c, mask, undefined, 0));
    scale = mul(c, scale, c.op('Unsqueeze', [mask, c.list([1])]));
  } else if (reduction === 'mean') scale = mul(c, scale, 1 / sizeOf(c.dims(labels)));
  // onehot as a comparison with 0, 1, …, C − 1 along the class axis
  const classes = c.dims(c.input(0))[1] as number;
  const all = integers(c, [classes, ...c.dims(labels).slice(1).fill(1)], [...Array(classes).keys()]);
  const isLabel = c.op('Equal', [c.op('Unsqueeze', [labels, c.list([1])]), all]);
  return mul(c, sub(c, p, where(c, isLabel, 1, 0)), scale);
}

/** A constant of the labels' integer type. */
const integers = (c: GradientContext, dims: readonly number[], values: readonly number[]): string =>
  c.tensor(
    c.type(c.input(1)) === 'int32' ? { type: 'int32', dims, data: Int32Array.from(values) } : int64(dims, values),
  );

function addFrom(c: GradientContext, p: string, fromLoss: string): string {
  const dLog = c.dy(1);
  return dLog === undefined ? fromLoss : add(c, fromLoss, sub(c, dLog, mul(c, p, reduceSum(c, dLog, [1]))));
}

/** Losses that are operators. */
export const crossEntropyRules: readonly GradientRule[] = [crossEntropy];
