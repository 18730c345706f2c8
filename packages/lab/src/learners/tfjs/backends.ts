import { LabError } from '../../labError.ts';
import type { Backend } from '../backend.ts';
import { nameOf } from '../backendName.ts';
import { orInstall } from '../../orInstall.ts';
import type { TfjsDevice } from './loadTfjs.ts';

/** TensorFlow.js on each of its devices; WebAssembly is the default. */
export const backends: readonly Backend[] = (['wasm', 'cpu', 'webgl', 'webgpu'] as const).map(tfjs);

function tfjs(device: TfjsDevice): Backend {
  const name = nameOf('tfjs', device);
  const install = `@tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 @tensorflow/tfjs-backend-${device}@4.22.0`;
  return {
    name,
    framework: 'tfjs',
    device,
    install,
    lacks: async (task, recipe) => {
      if (recipe.tfjs === undefined) return `${name} lacks the optimizer ${recipe.name}`;
      const { tryGraph } = await orInstall(`the backend ${name}`, install, () => import('./tfjsLearner.ts'));
      try {
        await orInstall(`the backend ${name}`, install, () => tryGraph(task, device));
        return undefined;
      } catch (error) {
        if (error instanceof LabError && error.code === 'unsupported') return error.message;
        throw error;
      }
    },
    open: (setup, options) =>
      orInstall(`the backend ${name}`, install, async () =>
        (await import('./tfjsLearner.ts')).tfjsLearner(setup, device, options),
      ),
  };
}
