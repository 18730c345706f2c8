import { LabError, known } from '../../labError.ts';
import type { Learner } from './learner.ts';
import type { LearnerOptions } from './learnerOptions.ts';
import type { TfjsDevice } from './loadTfjs.ts';

interface Backend {
  /** What to install, and what to say where that is not the reason. */
  readonly packages: string;
  readonly create: (options: LearnerOptions) => Promise<Learner>;
}

const tfjs = (device: TfjsDevice, name: string): Backend => ({
  packages: `@tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0 @tensorflow/tfjs-backend-${device}@4.22.0`,
  create: async (options) => (await import('./tfjs.ts')).tfjsLearner({ ...options, device, backend: name }),
});

/** Every backend, by name; `tfjs` and `onnxruntime-web` run on WebAssembly. */
export const backends: Readonly<Record<string, Backend>> = {
  tfjs: tfjs('wasm', 'tfjs'),
  'tfjs-cpu': tfjs('cpu', 'tfjs-cpu'),
  'tfjs-webgl': tfjs('webgl', 'tfjs-webgl'),
  'tfjs-webgpu': tfjs('webgpu', 'tfjs-webgpu'),
  'onnxruntime-web': {
    packages: 'onnxruntime-web@1.30.0',
    create: async (options) => (await import('./onnxruntime-web.ts')).onnxruntimeWebLearner(options),
  },
};

/** The backend's name, checked; throws a LabError that lists those that exist. */
export function backendNamed(name: string): string {
  known('backend', name, backends);
  return name;
}

/**
 * Makes a learner for one backend, which is loaded only now. Throws a {@link LabError} where the backend is unknown or
 * its packages are not installed (the sentence holds the command), and whatever the adapter says about the plan.
 */
export async function createLearner(backend: string, options: LearnerOptions): Promise<Learner> {
  const { packages, create } = known('backend', backend, backends);
  try {
    return await create(options);
  } catch (cause) {
    const missing = missingPackage(cause);
    if (missing === undefined) throw cause;
    throw new LabError('missing', `the backend ${backend} needs ${missing}: npm install ${packages}`, { cause });
  }
}

/** The package that an import did not find, from Node's error. */
function missingPackage(error: unknown): string | undefined {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (code !== 'ERR_MODULE_NOT_FOUND' || typeof message !== 'string') return undefined;
  return /Cannot find package '([^']+)'/.exec(message)?.[1];
}
