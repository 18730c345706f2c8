import { sgd as onnxSgd } from '@anneal/onnx';
import type { OptimizerRecipe } from './optimizerRecipe.ts';

/** Plain gradient descent: w ← w − lr·g. */
export const sgd: OptimizerRecipe = {
  name: 'sgd',
  settings: {},
  onnx: () => onnxSgd(),
  tfjs: (tf) => tf.train.sgd(1),
};
