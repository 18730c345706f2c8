import { dense, GraphBuilder, relu, type Model } from '@anneal/onnx';
import type { Batch } from '../src/batch.ts';

/** Numbers in [0, 1) from a seed: mulberry32, enough for test data. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const uniform = (count: number, limit: number, next: () => number): Float32Array =>
  Float32Array.from({ length: count }, () => (2 * next() - 1) * limit);

/** A multilayer perceptron of the given widths, with weights from a seed (He et al. 2015). */
export function mlp(widths: readonly number[], seed = 1): Model {
  const next = random(seed);
  const graph = new GraphBuilder();
  let x = graph.input('x', 'float32', ['batch', widths[0]]);
  for (let i = 1; i < widths.length; i++) {
    const [inputs, outputs] = [widths[i - 1] as number, widths[i] as number];
    const weight = uniform(inputs * outputs, Math.sqrt(6 / inputs), next);
    x = dense(graph, x, { name: `fc${i}`, inputs, outputs, weight });
    if (i < widths.length - 1) x = relu(graph, x);
  }
  graph.output('logits', x);
  return graph.model();
}

/** Batches of random points whose class is the largest of their first coordinates. */
export function batches(count: number, size: number, width: number, classes: number, seed = 2): Batch[] {
  const next = random(seed);
  return Array.from({ length: count }, () => {
    const x = uniform(size * width, 1, next);
    const labels = Int32Array.from({ length: size }, (_, i) => {
      const row = [...x.subarray(i * width, i * width + classes)];
      return row.indexOf(Math.max(...row));
    });
    return { x: { data: x, dims: [size, width] }, labels: { data: labels, dims: [size] } };
  });
}
