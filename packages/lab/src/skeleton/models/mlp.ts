import { dense, GraphBuilder, relu, writeModel } from '@anneal/onnx';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { generator } from '../../random/generator.ts';
import type { Model } from './model.ts';

/**
 * A multilayer perceptron with rectified linear units between its layers: `mlp([64, 32, 10])` has one hidden layer.
 *
 * Weights start uniform in ±√(6/inputs of the layer), the rule of He et al. 2015 (arXiv 1502.01852, eq. 10) in its
 * uniform form, biases at 0. Weights are stored as [inputs, outputs]: a layer computes x·W + b.
 */
export function mlp(sizes: readonly number[]): Model {
  const layers = sizes.slice(1).map((outputs, i) => ({ inputs: sizes[i]!, outputs, name: `dense${i + 1}` }));
  return {
    parameters: layers.flatMap(({ name, inputs, outputs }) => [
      { name: `${name}.weight`, shape: [inputs, outputs] },
      { name: `${name}.bias`, shape: [outputs] },
    ]),
    inputShape: [sizes[0]!],
    outputShape: [sizes.at(-1)!],

    initialize: (seed) =>
      layers.flatMap(({ inputs, outputs, name }) => {
        const random = generator(seed, 'weights', name);
        const limit = Math.sqrt(6 / inputs);
        const weight = Float32Array.from({ length: inputs * outputs }, () => (2 * uniformFloat64(random) - 1) * limit);
        return [weight, new Float32Array(outputs)];
      }),

    tfjs: (tf, parameters, inputs) =>
      layers.reduce((x, _, i) => {
        const sum = tf.add(tf.matMul(x, parameters[2 * i]!), parameters[2 * i + 1]!);
        return i === layers.length - 1 ? sum : tf.relu(sum);
      }, inputs),

    onnx: (weights) => {
      const graph = new GraphBuilder();
      let x = graph.input('inputs', 'float32', ['batch', sizes[0]!]);
      layers.forEach(({ name, inputs, outputs }, i) => {
        const [weight, bias] = [weights[2 * i]!, weights[2 * i + 1]!];
        x = dense(graph, i === 0 ? x : relu(graph, x), { name, inputs, outputs, weight, bias });
      });
      graph.output('logits', x, { type: 'float32', dims: ['batch', sizes.at(-1)!] });
      return writeModel(graph.model());
    },
  };
}
