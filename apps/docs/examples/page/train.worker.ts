import { parsePlan } from '@anneal/core';
import { adamW, dense, GraphBuilder, relu, softmaxCrossEntropy } from '@anneal/onnx';
import { createTrainer, type BatchLike } from '@anneal/onnxruntime-web';
import { serveTrainer } from '@anneal/onnxruntime-web/worker';
import * as ort from 'onnxruntime-web/wasm';
import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';

/** What the page sends. */
export interface Setup {
  readonly plan: unknown;
  readonly batch: BatchLike;
}

ort.env.wasm.wasmPaths = { mjs, wasm };
ort.env.wasm.numThreads = self.crossOriginIsolated ? Math.min(4, navigator.hardwareConcurrency) : 1;

/** Or the bytes of a file: `new Uint8Array(await (await fetch('model.onnx')).arrayBuffer())`, inside the function below. */
function model() {
  const noise = (count: number, scale: number) =>
    Float32Array.from({ length: count }, () => (Math.random() - 0.5) * scale);
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', ['batch', 2]);
  const hidden = relu(graph, dense(graph, x, { name: 'fc1', inputs: 2, outputs: 64, weight: noise(128, 2) }));
  graph.output('logits', dense(graph, hidden, { name: 'fc2', inputs: 64, outputs: 2, weight: noise(128, 0.5) }));
  return graph.model();
}

serveTrainer(self, ({ plan, batch }: Setup) =>
  createTrainer(ort, model(), {
    loss: softmaxCrossEntropy(), // reads the model's "logits" and the batch's "labels"
    optimizer: adamW(),
    plan: parsePlan(plan),
    batch,
  }),
);
