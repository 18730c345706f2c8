import type { Model as OnnxModel } from '@anneal/onnx';

/**
 * One network as a forward ONNX graph with its initial weights as initializers: the same for every backend.
 *
 * The names of its inputs and outputs are those that the task's batches, loss and metrics read; the first axis of each
 * input is the symbolic `batch`. Trained are the initializers that `parameterNames` of @anneal/onnx finds and the loss depends on.
 */
export interface Model {
  /** `"mlp 64-128-10"` */
  readonly name: string;
  /** The graph with the weights that this seed draws; the same seed gives the same bits. */
  graph(seed: number): OnnxModel;
}
