import * as ort from 'onnxruntime-web';
import { vi } from 'vitest';

// The first session compiles 14 MB of WebAssembly, which a busy machine takes its time for.
vi.setConfig({ testTimeout: 60_000 });

// One thread: the same bits on every machine.
ort.env.wasm.numThreads = 1;

export { ort };
