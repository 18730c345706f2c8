import { cosineDecay } from '@anneal/core';
import { adam, softmaxCrossEntropy } from '@anneal/onnx';
import { createTrainer, type Ort } from '../src/index.ts';
import { batches, mlp } from './mlp.ts';

/** SHA-256 over the bits of all weights after 200 updates of a multilayer perceptron with Adam under a cosine. */
export async function bitsAfterTraining(ort: Ort): Promise<string> {
  const data = batches(200, 32, 16, 6);
  const plan = cosineDecay({ initValue: 0.01, decaySteps: 200 });
  const options = { loss: softmaxCrossEntropy(), optimizer: adam(), plan, batch: data[0]! };
  const trainer = await createTrainer(ort, mlp([16, 32, 6]), options);
  await trainer.run(data);
  const weights = trainer.parameters.flatMap((name) => [...trainer.parameter(name)]);
  await trainer.dispose();
  const digest = await crypto.subtle.digest('SHA-256', Float32Array.from(weights));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What it is with onnxruntime-web 1.30.0 at one thread, in Node and in Chromium. */
export const expectedBits = '915042dcfc7caa840e4e19a289bf753e6ea70059e38607181d6b4e5ae93e06ce';
