import { rmsprop as onnxRmsprop } from '@anneal/onnx';
import type { OptimizerRecipe } from './optimizerRecipe.ts';
import { keptShare, positive } from './settingKinds.ts';

/** RMSprop as tfjs defines it, ε inside the root: v ← ρ·v + (1 − ρ)·g², w ← w − lr·g/√(v + ε). `decay` is ρ. */
export const rmsprop: OptimizerRecipe<{ readonly decay?: number; readonly epsilon?: number }> = {
  name: 'rmsprop',
  settings: { decay: [keptShare, 0.9], epsilon: [positive, 1e-7] },
  onnx: ({ decay, epsilon }) => onnxRmsprop({ alpha: decay, epsilon, epsilonPlacement: 'inside' }),
  tfjs: (tf, { decay, epsilon }) => tf.train.rmsprop(1, decay, 0, epsilon),
};
