import type * as tf from '@tensorflow/tfjs-core';

/** The elements of a tensor. Read asynchronously: webgpu's dataSync goes through a canvas and may yield zeros. */
export async function numbersOf(tensor: tf.Tensor): Promise<number[]> {
  return [...(await tensor.data())];
}

/** The largest difference between a tensor's elements and what is expected of them. */
export async function difference(tensor: tf.Tensor, expected: readonly number[]): Promise<number> {
  return Math.max(...(await numbersOf(tensor)).map((w, i) => Math.abs(w - expected[i]!)));
}
