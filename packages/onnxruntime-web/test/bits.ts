import { cosineDecay, type PlanLike } from '@anneal/core';
import {
  adam,
  adamW,
  batchNorm,
  dense,
  dropout,
  GraphBuilder,
  heUniform,
  relu,
  softmaxCrossEntropy,
} from '@anneal/onnx';
import { createTrainer, type Ort, type Trainer } from '../src/index.ts';
import { readFloat32File } from './float32File.ts';
import { batches, mlp } from './mlp.ts';

export const bitsData = batches(200, 32, 16, 6);
export const bitsPlan = cosineDecay({ initValue: 0.01, decaySteps: 200 });
export const bitsWidths = [16, 32, 6];

/** SHA-256 over the bits of all weights. */
export async function bitsOf(weights: readonly Float32Array[]): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', Float32Array.from(weights.flatMap((values) => [...values])));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export const bitsTrainer = (ort: Ort, plan: PlanLike = bitsPlan): Promise<Trainer> =>
  createTrainer(ort, mlp(bitsWidths), {
    loss: softmaxCrossEntropy(),
    optimizer: adam(),
    plan,
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

/**
 * The bits after 60 updates of two batches each in which everything has a part that could differ: batch normalisation, dropout, averages, and
 * layers unfrozen on the way. Weights, running statistics, slots and averages are all counted.
 */
export async function bitsAfterFineTuning(ort: Ort): Promise<string> {
  const graph = new GraphBuilder();
  const weight = heUniform(3);
  const x = dense(graph, graph.input('x', 'float32', ['batch', 16]), { name: 'fc1', inputs: 16, outputs: 32, weight });
  const hidden = dropout(graph, relu(graph, batchNorm(graph, x, { name: 'bn', channels: 32 })), 0.25);
  graph.output('logits', dense(graph, hidden, { name: 'fc2', inputs: 32, outputs: 6, weight }));
  const trainer = await createTrainer(ort, graph.model(), {
    loss: softmaxCrossEntropy(),
    optimizer: adamW(),
    plan: bitsPlan,
    batch: bitsData[0]!,
    trainable: /^fc2/,
    accumulate: 2,
    average: { decay: 0.9 },
    seed: 1,
  });
  await trainer.run(bitsData.slice(0, 40));
  await trainer.unfreeze(/./);
  await trainer.run(bitsData.slice(40, 120));
  const { tensors } = readFloat32File(await trainer.save());
  await trainer.dispose();
  return bitsOf([...tensors.values()].map(({ data }) => data));
}

export const expectedFineTuningBits = '96c236919e302a8cd4727b0004b25bba616b10950bcdf0187bcd3b21821315a8';
