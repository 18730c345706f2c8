import type { Plan, Schedule } from '@anneal/core';
import type { Setup } from '../training/setup.ts';

/** Where a page serves the WebAssembly files of the backends from; in Node they are found by themselves. */
export interface WasmPaths {
  /** What `setWasmPaths` of @tensorflow/tfjs-backend-wasm takes: a folder, or a URL for each file. */
  readonly tfjs?: string | Readonly<Record<string, string>>;
  /** What `ort.env.wasm.wasmPaths` takes; a bundled page needs both files. */
  readonly onnxruntimeWeb?: string | { readonly mjs: string; readonly wasm: string };
}

export interface LearnerOptions {
  readonly setup: Setup;
  /** What drives the learner; a scheduler of its own is made of it. */
  readonly plan: Schedule | number | Plan;
  readonly wasmPaths?: WasmPaths;
}
