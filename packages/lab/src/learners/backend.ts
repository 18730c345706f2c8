import type { OptimizerRecipe } from '../optimizers/optimizerRecipe.ts';
import type { Task } from '../tasks/task.ts';
import type { Setup } from '../trials/setup.ts';
import type { Learner } from './learner.ts';

/** Where a page serves the WebAssembly files of the backends from; in Node they are found by themselves. */
export interface WasmPaths {
  /** What `setWasmPaths` of @tensorflow/tfjs-backend-wasm takes: a folder, or a URL for each file. */
  readonly tfjs?: string | Readonly<Record<string, string>>;
  /** What `ort.env.wasm.wasmPaths` takes; a bundled page needs both files. */
  readonly onnxruntimeWeb?: string | { readonly mjs: string; readonly wasm: string };
}

/** A framework on a device. Loads nothing of the framework until a learner is opened or kernels are asked for. */
export interface Backend {
  /** The framework with its device: `"tfjs-wasm"`. */
  readonly name: string;
  readonly framework: string;
  readonly device: string;
  /** The packages that the framework needs, as they stand after `npm install`. */
  readonly install: string;
  /** What it lacks to train a task with an optimizer, as one sentence that names the kernel; undefined where nothing. */
  lacks(task: Task, optimizer: OptimizerRecipe): Promise<string | undefined>;
  /** Makes a learner for a run. Throws a LabError where the framework is missing, and whatever the adapter says about the plan. */
  open(setup: Setup, options?: { readonly wasmPaths?: WasmPaths }): Promise<Learner>;
}
