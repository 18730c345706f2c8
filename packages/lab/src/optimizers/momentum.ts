import { momentum as onnxMomentum } from '@anneal/onnx';
import type { OptimizerRecipe } from './optimizerRecipe.ts';
import { keptShare } from './settingKinds.ts';

/** Descent with momentum: b ← μ·b + g, w ← w − lr·b. */
export const momentum: OptimizerRecipe<{ readonly momentum?: number }> = {
  name: 'momentum',
  settings: { momentum: [keptShare, 0.9] },
  onnx: (settings) => onnxMomentum(settings),
  tfjs: (tf, settings) => tf.train.momentum(1, settings.momentum),
};
