import { adam as onnxAdam } from '@anneal/onnx';
import type { OptimizerRecipe } from './optimizerRecipe.ts';
import { keptShare, positive } from './settingKinds.ts';

/**
 * Adam (Kingma & Ba 2015, algorithm 1).
 *
 * β₂ is 1 − 2⁻¹⁰ ≈ 0.999, whose first powers float32 holds: tfjs corrects the bias by 1 − ∏β₂ in float32, which from 0.999
 * leaves four digits in the first updates, too few for backends to agree.
 */
export const adam: OptimizerRecipe<{ readonly beta1?: number; readonly beta2?: number; readonly epsilon?: number }> = {
  name: 'adam',
  settings: { beta1: [keptShare, 0.9], beta2: [keptShare, 1 - 2 ** -10], epsilon: [positive, 1e-7] },
  onnx: (settings) => onnxAdam(settings),
  tfjs: (tf, { beta1, beta2, epsilon }) => tf.train.adam(1, beta1, beta2, epsilon),
};
