import type { GraphBuilder } from '../graph/graphBuilder.ts';
import { checkWhole, weight, type Weights } from './weights.ts';

export interface EmbeddingOptions {
  /** The parameter is named `${name}.weight`. */
  readonly name: string;
  /** How many different numbers there are: the size of the vocabulary. */
  readonly count: number;
  /** Length of a row. */
  readonly width: number;
  /** [count, width]; its fans are `count` and `width`. */
  readonly weight: Weights;
}

/** The rows of a table that whole numbers name: [batch, length] to [batch, length, width]. */
export function embedding(graph: GraphBuilder, indices: string, options: EmbeddingOptions): string {
  const { name, count, width } = options;
  checkWhole(name, { count, width });
  const table = weight(graph, `${name}.weight`, [count, width], options.weight, [count, width]);
  return graph.op('Gather', [table, indices], {}, name);
}
