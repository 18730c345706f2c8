import { adamW as onnxAdamW } from '@anneal/onnx';
import { adam } from './adam.ts';
import type { OptimizerRecipe } from './optimizerRecipe.ts';
import { keptShare, positive, strength } from './settingKinds.ts';

/** Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2): w ← w·(1 − lr·λ) before each update; see {@link adam}. */
export const adamW: OptimizerRecipe<{
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
}> = {
  name: 'adamW',
  settings: {
    beta1: [keptShare, 0.9],
    beta2: [keptShare, 1 - 2 ** -10],
    epsilon: [positive, 1e-7],
    weightDecay: [strength, 0.01],
  },
  onnx: (settings) => onnxAdamW(settings),
  tfjs: (tf, settings) => adam.tfjs!(tf, settings),
  tfjsHooks: async () => [(await import('@anneal/tfjs/ops')).decoupledWeightDecay()],
};
