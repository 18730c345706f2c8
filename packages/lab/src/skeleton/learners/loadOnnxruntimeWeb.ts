import type * as ortWasm from 'onnxruntime-web/wasm';
import type { WasmPaths } from './learnerOptions.ts';

/**
 * Loads onnxruntime-web's WebAssembly build, on one thread: the same weights on every machine, whatever its cores.
 */
export async function loadOnnxruntimeWeb(wasmPaths?: WasmPaths['onnxruntimeWeb']): Promise<typeof ortWasm> {
  const ort = await import('onnxruntime-web/wasm');
  ort.env.wasm.numThreads = 1;
  if (wasmPaths !== undefined) ort.env.wasm.wasmPaths = wasmPaths;
  return ort;
}
