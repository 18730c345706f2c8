import { dense, embedding, float32, gelu, glorotUniform, GraphBuilder, layerNorm, selfAttention } from '@anneal/onnx';
import { generator } from '../random/generator.ts';
import { standardNormal } from '../random/standardNormal.ts';
import type { Model } from './model.ts';

export interface TransformerOptions {
  /** Where each part is normalised: before it, with its way around it left alone, or after it, on the way itself. */
  readonly norm: 'pre' | 'post';
  readonly blocks: number;
  /** Length of a row, a multiple of `heads`. */
  readonly width: number;
  readonly heads: number;
  readonly vocabulary: number;
  /** Positions that it sees at most, itself and those before. */
  readonly length: number;
}

/**
 * A causal transformer from `inputs`, [batch, length] numbers of characters, to `logits` of the next one at each position.
 *
 * Embeddings and positions start from a normal of deviation 0.02, matrices by the rule of Glorot and Bengio 2010, biases at 0. With the
 * normalisation after each part the first gradients are large near the output, and Adam without warm-up gets lost.
 *
 * @source Vaswani et al. 2017, Attention Is All You Need, arXiv 1706.03762 (post); Xiong et al. 2020, On Layer Normalization in the
 *   Transformer Architecture, arXiv 2002.04745 (both, and why warm-up).
 */
export function transformer(options: TransformerOptions): Model {
  const { norm, blocks, width, heads, vocabulary, length } = options;
  return {
    name: `${norm}-norm transformer of ${blocks} blocks, width ${width}`,
    graph: (seed) => {
      const graph = new GraphBuilder();
      const weight = glorotUniform(seed);
      const normal = (name: string, rows: number): Float32Array => {
        const random = generator(seed, 'weights', name);
        return Float32Array.from({ length: rows * width }, () => 0.02 * standardNormal(random));
      };
      const normed = (x: string, name: string): string => layerNorm(graph, x, { name, width });
      /** A part with its way around. */
      const around = (x: string, name: string, part: (x: string) => string): string =>
        norm === 'pre' ? graph.op('Add', [x, part(normed(x, name))]) : normed(graph.op('Add', [x, part(x)]), name);

      const characters = graph.input('inputs', 'int32', ['batch', length]);
      const rows = embedding(graph, characters, {
        name: 'embedding',
        count: vocabulary,
        width,
        weight: normal('embedding', vocabulary),
      });
      const positions = graph.parameter('positions', float32([length, width], normal('positions', length)));
      let x = graph.op('Add', [rows, positions]);
      for (let block = 1; block <= blocks; block += 1) {
        const name = `block${block}`;
        x = around(x, `${name}.norm1`, (inner) =>
          selfAttention(graph, inner, {
            name: `${name}.attention`,
            width,
            heads,
            causalLength: length,
            inWeight: weight,
            outWeight: weight,
          }),
        );
        x = around(x, `${name}.norm2`, (inner) => {
          const up = dense(graph, inner, { name: `${name}.up`, inputs: width, outputs: 4 * width, weight });
          return dense(graph, gelu(graph, up, 'tanh'), {
            name: `${name}.down`,
            inputs: 4 * width,
            outputs: width,
            weight,
          });
        });
      }
      if (norm === 'pre') x = normed(x, 'norm');
      const logits = dense(graph, x, { name: 'head', inputs: width, outputs: vocabulary, weight });
      graph.output('logits', logits, { type: 'float32', dims: ['batch', length, vocabulary] });
      return graph.model();
    },
  };
}
