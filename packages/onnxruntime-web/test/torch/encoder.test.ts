import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { ort } from '../ort.ts';
import { expectFineTuned, fineTuneEncoder } from './encoder.ts';
import description from './fixtures/encoder.json' with { type: 'json' };

test('a text encoder that PyTorch exported learns a task of its own: a new head, then its top layers', async () => {
  const file = readFileSync(new URL('fixtures/encoder.onnx', import.meta.url));
  expectFineTuned(await fineTuneEncoder(ort, file, description));
});
