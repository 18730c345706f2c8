import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-layers'; // registers the gradients, which tfjs-core alone does not in Node

/** Sets a backend; by default the pure JavaScript one, which gives the same bits on every machine. */
export async function useBackend(name: 'cpu' | 'wasm'): Promise<void> {
  tf.env().set('PROD', true); // no banner
  await tf.setBackend(name);
  await tf.ready();
}

export const useCpu = (): Promise<void> => useBackend('cpu');
