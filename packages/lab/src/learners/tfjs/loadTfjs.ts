import { LabError } from '../../labError.ts';
import type * as tfCore from '@tensorflow/tfjs-core';

/** Where TensorFlow.js computes. */
export type TfjsDevice = 'wasm' | 'cpu' | 'webgl' | 'webgpu';

/**
 * Loads TensorFlow.js and one of its backends. tfjs-core registers no gradients by itself in Node; importing tfjs-layers
 * does. Throws a {@link LabError} where the device cannot be used here.
 */
export async function loadTfjs(
  device: TfjsDevice,
  wasmPaths?: string | Readonly<Record<string, string>>,
): Promise<typeof tfCore> {
  const tf = await import('@tensorflow/tfjs-core');
  await import('@tensorflow/tfjs-layers');
  if (device === 'wasm') {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    if (wasmPaths !== undefined) setWasmPaths(wasmPaths);
    // One thread, everywhere: the same bits with and without isolation headers. The threaded build would also start its
    // workers from the text of a function, which does not survive minification ("e is not defined").
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  } else if (device === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
  else if (device === 'webgpu') await import('@tensorflow/tfjs-backend-webgpu');
  else await import('@tensorflow/tfjs-backend-webgl');

  const usable = await tf.setBackend(device).catch(() => false);
  if (!usable) throw new LabError('missing', `tfjs: the device ${device} cannot be used here`);
  await tf.ready();
  if (device === 'cpu' && tf.env().get('IS_NODE') === true) {
    // Its first tensor advertises another package on standard error, but not in tests.
    tf.env().set('IS_TEST', true);
    tf.scalar(0).dispose();
    tf.env().set('IS_TEST', false);
  }
  return tf;
}
