import { GraphBuilder } from '@anneal/onnx';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { generator } from '../random/generator.ts';
import type { Model } from './model.ts';

/**
 * A quadratic ½Σλ_i x_i² over the trained vector x, with the noise of its gradient as input: `noisyLoss` of an example is
 * ½Σλ_i x_i² + Σ noise_i x_i, so that the gradient of its mean is λx plus the mean of the noise. `excessRisk` is the quadratic alone.
 *
 * Each x_i starts at +1 or −1, drawn by the seed: its square is 1 for every seed.
 */
export function quadraticBowl(spectrum: readonly number[]): Model {
  const count = spectrum.length;
  return {
    name: `quadratic of ${count} eigenvalues, ${spectrum[0]} to ${spectrum.at(-1)}`,
    graph: (seed) => {
      const graph = new GraphBuilder();
      const random = generator(seed, 'weights', 'x');
      const start = Float32Array.from(spectrum, () => 2 * uniformInt(random, 0, 1) - 1);
      const noise = graph.input('noise', 'float32', ['batch', count]);
      const x = graph.parameter('x', { type: 'float32', dims: [count, 1], data: start });
      const lambdas = { type: 'float32', dims: [count, 1], data: Float32Array.from(spectrum) } as const;
      const bent = graph.op('Mul', [graph.op('Constant', [], { value: lambdas }), graph.op('Mul', [x, x])]);
      const risk = graph.op('Mul', [graph.op('ReduceSum', [bent], { keepdims: 1 }), graph.scalar(0.5)]);
      const pulled = graph.op('MatMul', [noise, x]);
      graph.output('noisyLoss', graph.op('Add', [pulled, risk]), { type: 'float32', dims: ['batch', 1] });
      graph.output('excessRisk', risk, { type: 'float32', dims: [1, 1] });
      return graph.model();
    },
  };
}
