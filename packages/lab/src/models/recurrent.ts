import { dense, embedding, float32, glorotUniform, GraphBuilder } from '@anneal/onnx';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { generator } from '../random/generator.ts';
import type { Model } from './model.ts';

export interface RecurrentOptions {
  readonly vocabulary: number;
  /** Length of an embedding. */
  readonly width: number;
  /** Units of the long short-term memory. */
  readonly units: number;
  readonly length: number;
}

/**
 * A long short-term memory over characters, from `inputs`, [batch, length], to `logits` of the next one at each position. Its state starts at 0 with each example.
 *
 * Matrices of the memory start uniform in ±1/√units, biases at 0 but for those of the forget gates, at 1.
 *
 * @source Hochreiter, Schmidhuber 1997, Long Short-Term Memory; Gers, Schmidhuber, Cummins 2000 (forget gates and their bias).
 */
export function recurrent({ vocabulary, width, units, length }: RecurrentOptions): Model {
  return {
    name: `lstm of ${units} units`,
    graph: (seed) => {
      const graph = new GraphBuilder();
      const weight = glorotUniform(seed);
      const limit = 1 / Math.sqrt(units);
      const matrix = (name: string, columns: number): string => {
        const random = generator(seed, 'weights', name);
        const data = Float32Array.from({ length: 4 * units * columns }, () => (2 * uniformFloat64(random) - 1) * limit);
        return graph.parameter(name, float32([1, 4 * units, columns], data));
      };
      const characters = graph.input('inputs', 'int32', ['batch', length]);
      const rows = embedding(graph, characters, { name: 'embedding', count: vocabulary, width, weight });
      // ONNX has time first, and gates in the order input, output, forget, cell.
      const biases = new Float32Array(8 * units).fill(1, 2 * units, 3 * units);
      const [states] = graph.ops(
        'LSTM',
        [
          graph.op('Transpose', [rows], { perm: [1, 0, 2] }),
          matrix('lstm.input', width),
          matrix('lstm.recurrent', units),
          graph.parameter('lstm.bias', float32([1, 8 * units], biases)),
        ],
        1,
        { hidden_size: units },
      );
      // [length, 1, batch, units]: the axis of directions goes.
      const squeezed = graph.op('Squeeze', [states!, graph.list([1])]);
      const back = graph.op('Transpose', [squeezed], { perm: [1, 0, 2] });
      const logits = dense(graph, back, { name: 'head', inputs: units, outputs: vocabulary, weight });
      graph.output('logits', logits, { type: 'float32', dims: ['batch', length, vocabulary] });
      return graph.model();
    },
  };
}
