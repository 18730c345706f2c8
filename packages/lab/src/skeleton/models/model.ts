import type * as tfCore from '@tensorflow/tfjs-core';

/** The functional API of @tensorflow/tfjs-core, injected so that nothing of it is loaded before it is wanted. */
export type Tfjs = typeof tfCore;

/** A trainable tensor: its name on every backend and its shape. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
}

/** One network, written for each backend: from a batch of inputs to logits. */
export interface Model {
  readonly parameters: readonly Parameter[];
  /** Shape of one example's input, and of its logits. */
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  /** Weights before training, one array for each parameter: float32, the same for every backend. */
  initialize(seed: number): Float32Array[];
  /** Logits of a batch with TensorFlow.js; `parameters` in the order of {@link Model.parameters}. */
  tfjs(tf: Tfjs, parameters: readonly tfCore.Tensor[], inputs: tfCore.Tensor): tfCore.Tensor;
  /**
   * The forward network as an ONNX file, from the input `inputs` (first dimension `batch`) to the output `logits`,
   * with the weights as initializers under the parameters' names.
   */
  onnx(weights: readonly Float32Array[]): Uint8Array;
}
