import { cosineDecay, layerwiseDecay, linear } from '@anneal/core';
import {
  adamW,
  batchNorm,
  dense,
  dropout,
  GraphBuilder,
  heUniform,
  layerGroups,
  relu,
  replaceHead,
  softmaxCrossEntropy,
} from '@anneal/onnx';
import { createTrainer, type Batch } from '@anneal/onnxruntime-web';
import * as ort from 'onnxruntime-web'; // in a page: 'onnxruntime-web/wasm'

// A stand-in for the pretrained file that you have: two hidden layers with batch normalisation.
const weight = heUniform(1);
const graph = new GraphBuilder();
let x = graph.input('x', 'float32', ['batch', 2]);
for (const [layer, inputs] of [2, 24].entries()) {
  x = dense(graph, x, { name: `layer${layer}.dense`, inputs, outputs: 24, weight });
  x = relu(graph, batchNorm(graph, x, { name: `layer${layer}.norm`, channels: 24 }));
}
graph.output('features', x);
const pretrained = graph.model();

// The task: in which of three rings around the centre does a point lie?
const batches = Array.from({ length: 240 }, (_, n): Batch => {
  const points = Float32Array.from({ length: 64 }, (__, i) => Math.sin(1 + 12.9898 * (64 * n + i)));
  const labels = Int32Array.from({ length: 32 }, (__, i) =>
    Math.min(2, Math.floor(2 * Math.hypot(points[2 * i], points[2 * i + 1]))),
  );
  return { x: { data: points, dims: [32, 2] }, labels: { data: labels, dims: [32] } };
});

// 1. A new head, with dropout before it.
const model = replaceHead(pretrained, {
  at: 'features',
  with: (g, features) =>
    g.output('logits', dense(g, dropout(g, features, 0.1), { name: 'head', inputs: 24, outputs: 3, weight })),
});

// 2. Groups by layer, each with half the rate of the one above it.
const groups = layerGroups(model.graph, /^layer(\d)\./);
const trainer = await createTrainer(ort, model, {
  loss: softmaxCrossEntropy(),
  optimizer: adamW(),
  plan: {
    learningRate: cosineDecay({ initValue: 0.02, decaySteps: 240 }),
    weightDecay: linear({ initValue: 0.01, endValue: 0, decaySteps: 240 }),
    groups: layerwiseDecay(Object.keys(groups), 0.5, cosineDecay({ initValue: 0.02, decaySteps: 240 })),
  },
  groups,
  trainable: /^head/, // the rest waits
  average: { decay: 0.95 },
  seed: 3,
  batch: batches[0],
});

// 3. The head alone, then its neighbour, then everything.
await trainer.run(batches.slice(0, 60));
const headOnly = (await trainer.evaluate(batches[0])).loss;
export const joined = await trainer.unfreeze(/^layer1/);
await trainer.run(batches.slice(60, 120));
await trainer.unfreeze(/^layer0/);
await trainer.run(batches.slice(120));

// 4. The average of the weights, as a file that any runtime opens.
const { loss } = await trainer.evaluate(batches[0], { weights: 'average' });
export const file = await trainer.export({ weights: 'average' });
export const losses = { headOnly, all: loss };
await trainer.dispose();
