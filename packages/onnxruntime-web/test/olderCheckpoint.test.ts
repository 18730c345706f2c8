import { readFileSync } from 'node:fs';
import { cosineDecay } from '@anneal/core';
import { adamW, softmaxCrossEntropy } from '@anneal/onnx';
import { writeSafetensors, type StoredTensor } from '@anneal/safetensors';
import { expect, test } from 'vitest';
import { createTrainer, TrainerError, type Trainer } from '../src/index.ts';
import { readFloat32File } from './float32File.ts';
import { batches, mlp } from './mlp.ts';
import { ort } from './ort.ts';

const data = batches(4, 3, 3, 2);
const fresh = (): Promise<Trainer> =>
  createTrainer(ort, mlp([3, 4, 2]), {
    loss: softmaxCrossEntropy(),
    optimizer: adamW(),
    plan: cosineDecay({ initValue: 0.1, decaySteps: 6 }),
    batch: data[0]!,
    average: { decay: 0.9 },
  });
// After three updates, written before the file format had a package of its own.
const older = readFileSync(new URL('fixtures/checkpoint.safetensors', import.meta.url));

test('a checkpoint of an older version is read, and training goes on as it did there', async () => {
  const trainer = await fresh();
  await trainer.load(older);
  expect(trainer.scheduler.step).toBe(3);
  expect(readFloat32File(await trainer.save())).toEqual(readFloat32File(older));
  // The loss of that version's next update.
  expect([...(await trainer.run(data.slice(3))).losses]).toEqual([0.45762214064598083]);
  await trainer.dispose();
});

test('what is no file of float32 tensors is refused by name', async () => {
  const trainer = await fresh();
  const { tensors, metadata } = readFloat32File(older);
  const integers = { dtype: 'I32', dims: [1], data: new Int32Array(1) } as const;
  const strange = writeSafetensors({
    tensors: new Map<string, StoredTensor>([...tensors, ['fc1.bias', integers]]),
    metadata,
  });
  for (const [bytes, path, sentence] of [
    [strange, 'fc1.bias', 'fc1.bias: the tensors of a checkpoint are F32; this one is I32'],
    [older.subarray(0, -4), 'safetensors', 'follow the header'],
    [older.subarray(0, 4), 'safetensors', 'safetensors: the file has 4 bytes'],
  ] as const) {
    const error: unknown = await trainer.load(bytes).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(TrainerError);
    expect(error).toMatchObject({ code: 'checkpoint', path, message: expect.stringContaining(sentence) as string });
  }
  expect(trainer.scheduler.step).toBe(0);
  await trainer.dispose();
});
