import type { GraphBuilder } from '../graph/graphBuilder.ts';
import { OnnxError } from '../onnxError.ts';

/**
 * While training each element becomes 0 with probability `ratio`, and the others are divided by 1 − ratio; a file that
 * only runs forward leaves them as they are. Srivastava et al. 2014, JMLR 15.
 */
export function dropout(graph: GraphBuilder, x: string, ratio = 0.5): string {
  if (!(ratio >= 0 && ratio < 1))
    throw new OnnxError('argument', 'dropout', `ratio must be in [0, 1); received ${ratio}`);
  return graph.op('Dropout', [x, graph.scalar(ratio)]);
}
