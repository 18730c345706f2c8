import { known } from '../labError.ts';
import type { Backend } from './backend.ts';
import { backendName } from './backendName.ts';
import { allBackends } from './backends.gen.ts';

/** Every backend by its name. */
export const backends: Readonly<Record<string, Backend>> = Object.fromEntries(
  allBackends.map((backend) => [backend.name, backend]),
);

/** The backend of this name, `tfjs` being `tfjs-wasm`; throws a LabError that lists those that exist. */
export const backendNamed = (name: string): Backend => known('backend', backendName(name), backends);
