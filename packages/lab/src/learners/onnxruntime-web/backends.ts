import type { Backend } from '../backend.ts';
import { nameOf } from '../backendName.ts';
import { orInstall } from '../../orInstall.ts';

const install = 'onnxruntime-web@1.30.0';

/** Stock onnxruntime-web on WebAssembly, one thread. */
export const backends: readonly Backend[] = [
  {
    name: nameOf('onnxruntime-web', 'wasm'),
    framework: 'onnxruntime-web',
    device: 'wasm',
    install,
    // A graph whose operators have no gradient rule is refused by name when a learner is opened.
    lacks: async (_, recipe) =>
      recipe.onnx === undefined ? `onnxruntime-web lacks the optimizer ${recipe.name}` : undefined,
    open: (setup, options) =>
      orInstall('the backend onnxruntime-web-wasm', install, async () =>
        (await import('./onnxruntimeWebLearner.ts')).onnxruntimeWebLearner(setup, options),
      ),
  },
];
