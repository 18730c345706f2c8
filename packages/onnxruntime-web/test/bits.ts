import { cosineDecay } from '@anneal/core';
import { adam, softmaxCrossEntropy } from '@anneal/onnx';
import { createTrainer, type Ort, type Trainer } from '../src/index.ts';
import { batches, mlp } from './mlp.ts';

export const bitsData = batches(200, 32, 16, 6);
export const bitsPlan = cosineDecay({ initValue: 0.01, decaySteps: 200 });
export const bitsWidths = [16, 32, 6];

/** SHA-256 over the bits of all weights. */
export async function bitsOf(weights: readonly Float32Array[]): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', Float32Array.from(weights.flatMap((values) => [...values])));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export const bitsTrainer = (ort: Ort): Promise<Trainer> =>
  createTrainer(ort, mlp(bitsWidths), {
    loss: softmaxCrossEntropy(),
    optimizer: adam(),
    plan: bitsPlan,
    batch: bitsData[0]!,
  });

/** The bits after 200 updates of a multilayer perceptron with Adam under a cosine. */
export async function bitsAfterTraining(ort: Ort): Promise<string> {
  const trainer = await bitsTrainer(ort);
  await trainer.run(bitsData);
  const weights = trainer.parameters.map((name) => trainer.parameter(name));
  await trainer.dispose();
  return bitsOf(weights);
}

/** What it is with onnxruntime-web 1.30.0 at one thread, in Node and in Chromium. */
export const expectedBits = 'd6f87b5b28235b7a9cf97cf62da2b51de2fe8421fd7103fde91e8a90a97c94c2';
