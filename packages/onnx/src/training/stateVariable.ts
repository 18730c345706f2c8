import type { Tensor } from '../graph/tensor.ts';

/** A tensor that one update reads and the next one reads changed. */
export interface StateVariable {
  /**
   * A trained parameter of the model; a running statistic of its batch normalisation, changed by batches and not by gradients; what an
   * optimizer remembers; the average of a parameter.
   */
  readonly kind: 'parameter' | 'statistic' | 'slot' | 'average';
  /** The input that holds it, and its name in a checkpoint. */
  readonly name: string;
  /** The output that holds its next value. */
  readonly next: string;
  /** The value before the first update. */
  readonly initial: Tensor;
}

/** Whether it is a value of the model itself, which a forward pass reads. */
export const isOfModel = ({ kind }: StateVariable): boolean => kind === 'parameter' || kind === 'statistic';
