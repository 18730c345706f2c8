import { dense, GraphBuilder, relu } from '@anneal/onnx';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { generator } from '../random/generator.ts';
import type { Model } from './model.ts';

export interface MlpOptions {
  /** The axes before the last one of inputs and logits; default `['batch']`. */
  readonly axes?: readonly string[];
}

/**
 * A multilayer perceptron with rectified linear units between its layers, from `inputs` to `logits`: `mlp([64, 32, 10])`
 * has one hidden layer.
 *
 * Weights start uniform in ±√(6/inputs of the layer), the rule of He et al. 2015 (arXiv 1502.01852, eq. 10) in its
 * uniform form, biases at 0. Weights are stored as [inputs, outputs]: a layer computes x·W + b.
 */
export function mlp(sizes: readonly number[], { axes = ['batch'] }: MlpOptions = {}): Model {
  return {
    name: `mlp ${sizes.join('-')}`,
    graph: (seed) => {
      const graph = new GraphBuilder();
      let x = graph.input('inputs', 'float32', [...axes, sizes[0]!]);
      sizes.slice(1).forEach((outputs, i) => {
        const name = `dense${i + 1}`;
        const inputs = sizes[i]!;
        const random = generator(seed, 'weights', name);
        const limit = Math.sqrt(6 / inputs);
        const weight = Float32Array.from({ length: inputs * outputs }, () => (2 * uniformFloat64(random) - 1) * limit);
        x = dense(graph, i === 0 ? x : relu(graph, x), { name, inputs, outputs, weight });
      });
      graph.output('logits', x, { type: 'float32', dims: [...axes, sizes.at(-1)!] });
      return graph.model();
    },
  };
}
