import type { Json } from '@anneal/core';
import type { BindingState } from '../binding.ts';
import type { Slots } from '../optimizerSlots.ts';

/** What of a training is plain data. */
export interface TrainingMeta {
  readonly version: 1;
  readonly variables: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly optimizer: Slots['meta'];
  readonly binding: BindingState;
  /** The names of the binding's hooks, in their order. */
  readonly hooks: readonly string[];
  readonly parts: Readonly<Record<string, Json>>;
}
