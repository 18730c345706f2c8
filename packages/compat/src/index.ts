import type { Horizon, Plan } from '@anneal/core';

export { parsePlan } from './parsePlan.ts';

/** What each framework's entry, `@anneal/compat/<framework>`, exports. */
export interface Translator {
  /**
   * The plan that gives a framework's numbers.
   *
   * @throws ScheduleError that names the class or argument it refuses, with its JSON pointer
   */
  readonly read: (description: unknown, horizon?: Horizon) => Plan;
  /**
   * A plan as the framework's Python; absent where the framework is only read.
   *
   * @throws ScheduleError that names what has no form there
   */
  readonly write?: (plan: Plan) => string;
}

/** The frameworks that plans are read from and written to. */
export type WrittenFramework = 'keras' | 'optax' | 'paddle' | 'timm' | 'torch' | 'transformers';

/** The frameworks whose descriptions are read only. */
export type ReadFramework = 'composer' | 'deepspeed' | 'fairseq' | 'fastai' | 'ignite' | 'mmengine' | 'pytorch_warmup';

/** Loads the translator of a framework: `await translators.torch()` is what `@anneal/compat/torch` exports. */
export const translators: Readonly<
  Record<WrittenFramework, () => Promise<Required<Translator>>> & Record<ReadFramework, () => Promise<Translator>>
> = {
  composer: () => import('./composer/index.ts'),
  deepspeed: () => import('./deepspeed/index.ts'),
  fairseq: () => import('./fairseq/index.ts'),
  fastai: () => import('./fastai/index.ts'),
  ignite: () => import('./ignite/index.ts'),
  keras: () => import('./keras/index.ts'),
  mmengine: () => import('./mmengine/index.ts'),
  optax: () => import('./optax/index.ts'),
  paddle: () => import('./paddle/index.ts'),
  pytorch_warmup: () => import('./pytorch_warmup/index.ts'),
  timm: () => import('./timm/index.ts'),
  torch: () => import('./torch/index.ts'),
  transformers: () => import('./transformers/index.ts'),
};
