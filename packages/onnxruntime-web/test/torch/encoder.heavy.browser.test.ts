import * as ort from 'onnxruntime-web/wasm';
import { test } from 'vitest';
import { expectFineTuned, fineTuneEncoder } from './encoder.ts';
import description from './fixtures/encoder.json' with { type: 'json' };

test('a text encoder that PyTorch exported learns a task of its own in a page', async () => {
  ort.env.wasm.numThreads = 1;
  const response = await fetch(new URL('fixtures/encoder.onnx', import.meta.url));
  expectFineTuned(await fineTuneEncoder(ort, new Uint8Array(await response.arrayBuffer()), description));
});
