import type { Json } from '@anneal/core';
import type { Binding } from '../binding.ts';
import type { TensorLike } from '../optimizer.ts';

/** A model of tfjs-layers, as far as its weights go: trainable ones and statistics alike, in their order. */
export interface ModelLike {
  readonly weights: readonly { read(): TensorLike }[];
}

/** A variable of whichever copy of tfjs-core. */
export type VariableLike = TensorLike & { readonly name: string };

/** Something of the caller's that must go on as well: a random generator, a place in the data. */
export interface Resumable {
  state(): Json;
  restore(state: Json): void;
}

/** All that makes up a training. An object of your own with more in it will do. */
export interface Training {
  /** A model of tfjs-layers, or the variables of a model of one's own, always in the same order. */
  readonly weights: ModelLike | readonly VariableLike[];
  readonly binding: Binding;
  /** What else must go on, by name. */
  readonly parts?: Readonly<Record<string, Resumable>>;
}
