import { cosineDecay } from '@anneal/core';
import { dense, GraphBuilder, meanSquaredError, momentum } from '@anneal/onnx';
import { createTrainer } from '@anneal/onnxruntime-web';
import * as ort from 'onnxruntime-web'; // in a page: 'onnxruntime-web/wasm'

// Any forward .onnx file will do; here the model y = wx + b is written in place.
const graph = new GraphBuilder();
const x = graph.input('x', 'float32', ['batch', 1]);
graph.output('output', dense(graph, x, { name: 'line', inputs: 1, outputs: 1, weight: new Float32Array(1) }));

const points = Float32Array.from({ length: 80 }, (_, i) => i / 40 - 1);
const batch = {
  x: { data: points, dims: [80, 1] },
  target: { data: points.map((point) => 3 * point - 1), dims: [80, 1] },
};

const trainer = await createTrainer(ort, graph.model(), {
  loss: meanSquaredError(),
  optimizer: momentum({ momentum: 0.9 }),
  plan: cosineDecay({ initValue: 0.1, decaySteps: 100 }),
  batch,
});
const { losses, applied } = await trainer.run(Array.from({ length: 100 }, () => batch));

export const rates = [0, 50].map((step) => applied.at(step)!.learningRate);
export const finalLoss = losses.at(-1)!;
export const weight = trainer.parameter('line.weight');
await trainer.dispose();
