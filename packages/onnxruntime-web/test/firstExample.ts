/* oxlint-disable no-console, no-restricted-imports -- this is the README's text, word for word */
import { cosineDecay, warmup } from '@anneal/core';
import { adamW, dense, GraphBuilder, heUniform, relu, softmaxCrossEntropy } from '@anneal/onnx';
import { createTrainer } from '@anneal/onnxruntime-web';
import * as ort from 'onnxruntime-web'; // in a page: 'onnxruntime-web/wasm'

// The model: any forward .onnx file, or a graph written here.
const weight = heUniform(1); // drawn from the seed 1, or an array of your own
const graph = new GraphBuilder();
const x = graph.input('x', 'float32', ['batch', 2]);
const hidden = relu(graph, dense(graph, x, { name: 'fc1', inputs: 2, outputs: 16, weight }));
graph.output('logits', dense(graph, hidden, { name: 'fc2', inputs: 16, outputs: 2, weight }));

// The data: is a point inside the circle?
const batches = Array.from({ length: 300 }, () => {
  const points = Float32Array.from({ length: 64 }, () => 2 * Math.random() - 1);
  const labels = Int32Array.from({ length: 32 }, (_, i) =>
    Math.hypot(points[2 * i]!, points[2 * i + 1]!) < 0.8 ? 1 : 0,
  );
  return { x: { data: points, dims: [32, 2] }, labels: { data: labels, dims: [32] } };
});

const trainer = await createTrainer(ort, graph.model(), {
  loss: softmaxCrossEntropy(), // reads the model's "logits" and the batch's "labels"
  optimizer: adamW(),
  plan: warmup({ warmupSteps: 30, schedule: cosineDecay({ initValue: 0.02, decaySteps: 270 }) }),
  batch: batches[0]!,
});
const { losses, applied } = await trainer.run(batches);
const [first, peak, last] = [0, 29, 299].map((step) => applied[step]!.learningRate);
console.log(`rate ${first} … ${peak} … ${last}, loss ${losses[0]} → ${losses[299]}`);
const onnxFile = await trainer.export(); // opens in any ONNX runtime

export { applied, losses, onnxFile };
