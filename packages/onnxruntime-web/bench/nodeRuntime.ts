import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import type { Ort } from '../src/index.ts';

/** onnxruntime-node at one thread where ONNXRUNTIME_NODE names a folder that it is installed in: 288 MB are too many for every clone. */
export async function nodeRuntime(): Promise<Ort | undefined> {
  const folder = process.env['ONNXRUNTIME_NODE'];
  if (folder === undefined) return undefined;
  const { InferenceSession, Tensor } = createRequire(path.join(path.resolve(folder), 'package.json'))(
    'onnxruntime-node',
  ) as Ort;
  const create = (model: Uint8Array, options: object = {}): Promise<unknown> =>
    InferenceSession.create(model, { ...options, intraOpNumThreads: 1, interOpNumThreads: 1 });
  return { InferenceSession: { create }, Tensor };
}
