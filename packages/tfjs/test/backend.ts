import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-layers'; // registers the gradients, which tfjs-core alone does not in Node
import { inject } from 'vitest';

export type BackendName = 'cpu' | 'wasm' | 'webgl' | 'webgpu';

declare module 'vitest' {
  interface ProvidedContext {
    /** What a run of these tests in Chromium is for; see chromium/vitest.config.ts. Not given in Node. */
    backend?: BackendName;
    /** Updates in each style of loop, for the soak. */
    soakSteps?: number;
  }
}

const provided = inject('backend');

/** True where tensors live on a device, and reading one takes a turn of the event loop. */
export const onDevice: boolean = provided === 'webgl' || provided === 'webgpu';

/** What is held to the bit is held to it on each of these. */
export const backends: readonly BackendName[] = provided === undefined ? ['cpu', 'wasm'] : [provided];

/** Sets a backend; by default the one that this run is for, in Node the pure JavaScript one, the same on every machine. */
export async function useBackend(name: BackendName = provided ?? 'cpu'): Promise<void> {
  tf.env().set('PROD', true); // no banner
  if (!(await tf.setBackend(name))) throw new Error(`the backend ${name} does not start here`);
  await tf.ready();
}
