import type { Tensor } from '@tensorflow/tfjs-core';
import type { DeviceResult, Operator, OperatorContext, Tfjs } from './operator.ts';

/** (x − mean)/√(variance + ε) over some axes, with the two numbers that it takes. */
function standardised(
  tf: Tfjs,
  x: Tensor,
  axes: number[],
  epsilon: number,
): { y: Tensor; mean: Tensor; inverse: Tensor } {
  const mean = tf.mean(x, axes, true);
  const centered = tf.sub(x, mean);
  const inverse = tf.div(1, tf.sqrt(tf.add(tf.mean(tf.square(centered), axes, true), epsilon)));
  return { y: tf.mul(centered, inverse), mean, inverse };
}

const spatial = (x: Tensor): number[] => x.shape.slice(2).map((_, i) => i + 2);

/** An input of one number per channel, in the shape in which it is broadcast against [N, C, …]. */
const perChannel = (c: OperatorContext, input: number, x: Tensor): Tensor =>
  c.tf.reshape(c.float(input), [x.shape[1] as number, ...spatial(x).map(() => 1)]);

/** Normalisations; those that are others in disguise, and what batches do while training, are lowerings of @anneal/onnx. */
export const normalizationOperators: readonly Operator[] = [
  {
    op: 'LayerNormalization',
    attributes: ['axis', 'epsilon', 'stash_type'],
    device(c): readonly DeviceResult[] {
      const [{ tf }, x] = [c, c.float(0)];
      const axis = c.axis('axis', -1);
      const axes = x.shape.map((_, i) => i).slice(axis);
      const { y, mean, inverse } = standardised(tf, x, axes, c.number('epsilon', 1e-5));
      const scaled = tf.mul(y, c.float(1));
      return [c.has(2) ? tf.add(scaled, c.float(2)) : scaled, mean, inverse];
    },
  },
  {
    op: 'InstanceNormalization',
    attributes: ['epsilon'],
    device(c) {
      const [{ tf }, x] = [c, c.float(0)];
      const { y } = standardised(tf, x, spatial(x), c.number('epsilon', 1e-5));
      return tf.add(tf.mul(y, perChannel(c, 1, x)), perChannel(c, 2, x));
    },
  },
  {
    op: 'BatchNormalization',
    attributes: ['epsilon', 'momentum', 'training_mode'],
    inputs: [0, 1, 2],
    device(c) {
      if (c.int('training_mode', 0) !== 0) c.refuse('in training mode by the file; the trainer decides that');
      const [{ tf }, x] = [c, c.float(0)];
      const deviation = tf.sqrt(tf.add(perChannel(c, 4, x), c.number('epsilon', 1e-5)));
      const y = tf.div(tf.sub(x, perChannel(c, 3, x)), deviation);
      return tf.add(tf.mul(y, perChannel(c, 1, x)), perChannel(c, 2, x));
    },
  },
];
