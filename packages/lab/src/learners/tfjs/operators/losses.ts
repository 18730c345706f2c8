import { sizeOf } from '@anneal/onnx';
import type { Tensor } from '@tensorflow/tfjs-core';
import { takeElements } from './differentiable.ts';
import type { DeviceResult, Operator, OperatorContext } from './operator.ts';

/** log softmax along the second axis of [N, C, d…]. */
function logProbabilities(c: OperatorContext, x: Tensor): Tensor {
  const { tf } = c;
  if (x.rank === 2) return tf.logSoftmax(x);
  const order = x.shape.map((_, i) => (i === 1 ? x.rank - 1 : i === x.rank - 1 ? 1 : i));
  return tf.transpose(tf.logSoftmax(tf.transpose(x, order)), order);
}

/** −log p of each label, those that are ignored adding nothing; mean, sum, or each of them. */
function negativeLogLikelihood(c: OperatorContext, logs: Tensor): Tensor {
  const { tf } = c;
  if (c.has(2)) c.refuse('with class weights');
  const [, classes = 1, ...rest] = logs.shape;
  const { dims, data } = c.host(1);
  const ignored = c.node.attributes.has('ignore_index') ? c.int('ignore_index', 0) : Number.NaN;
  const each = sizeOf(rest);
  const at = Int32Array.from(data, (label, i) => {
    if (label === ignored) return 0;
    if (!(label >= 0 && label < classes)) c.refuse(`with the label ${label} among ${classes} classes`);
    return (Math.floor(i / each) * classes + label) * each + (i % each);
  });
  const numbers = c.upload({ type: 'int32', dims: [at.length], data: at, fixed: false });
  const counted = Float32Array.from(data, (label) => (label === ignored ? 0 : 1));
  const count = counted.reduce((a, b) => a + b, 0);
  const taken = tf.neg(takeElements(tf, logs, numbers, dims));
  const kept = c.upload({ type: 'float32', dims, data: counted, fixed: false });
  const rows = count === at.length ? taken : tf.where(tf.greater(kept, 0), taken, tf.zerosLike(taken));
  const reduction = c.text('reduction', 'mean');
  if (reduction === 'none') return rows;
  const sum = tf.sum(rows);
  return reduction === 'sum' ? sum : tf.div(sum, count);
}

/** Losses that are operators. */
export const lossOperators: readonly Operator[] = [
  {
    op: 'SoftmaxCrossEntropyLoss',
    attributes: ['ignore_index', 'reduction'],
    inputs: [0],
    device(c): readonly DeviceResult[] {
      const logs = logProbabilities(c, c.float(0));
      return [negativeLogLikelihood(c, logs), logs];
    },
  },
  {
    op: 'NegativeLogLikelihoodLoss',
    attributes: ['ignore_index', 'reduction'],
    inputs: [0],
    device: (c) => negativeLogLikelihood(c, c.float(0)),
  },
];
