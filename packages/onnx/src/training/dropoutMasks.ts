import type { GraphBuilder } from '../graph/graphBuilder.ts';
import type { Model } from '../graph/model.ts';
import type { Lowering } from '../lowering/lowering.ts';
import { OnnxError } from '../onnxError.ts';

/** A dropout of a model. */
export interface Dropout {
  /** Its place among those of the model. */
  readonly index: number;
  /** The share that is dropped, in [0, 1). */
  readonly ratio: number;
}

/** An input of the graph by which a dropout is told what it keeps: 1/(1 − ratio) there and 0 elsewhere. */
export interface DropoutMask extends Dropout {
  readonly input: string;
  readonly dims: readonly number[];
}

/**
 * The model with the identity in place of every dropout, which it is in predictions and which every runtime has, and the dropouts by the names
 * of their outputs.
 *
 * @param model in operator set 12 or later, see `raiseOpset`
 * @throws OnnxError `argument` for a ratio that is not a constant in [0, 1).
 */
export function withoutDropout(model: Model): {
  readonly model: Model;
  readonly dropouts: ReadonlyMap<string, Dropout>;
} {
  const dropouts = new Map<string, Dropout>();
  const { graph } = model;
  const nodes = graph.nodes.map((node) => {
    if (node.op !== 'Dropout' || node.domain !== '' || node.inputs.length === 0) return node;
    const [x, by] = node.inputs as [string, string?];
    const [output] = node.outputs as [string];
    const ratio = by ? Number(graph.initializers.get(by)?.data[0]) : 0.5;
    if (!(ratio >= 0 && ratio < 1))
      throw new OnnxError(
        'argument',
        node.name || output,
        `the ratio of a dropout must be a constant in [0, 1); received ${ratio}`,
      );
    dropouts.set(output, { index: dropouts.size, ratio });
    return { ...node, op: 'Identity', inputs: [x], outputs: [output], attributes: new Map() };
  });
  return { model: { ...model, graph: { ...graph, nodes } }, dropouts };
}

/**
 * Dropout as it is while training (Srivastava et al. 2014), in the places that {@link withoutDropout} found: y = x·mask, the mask an input of the
 * graph that is added to `masks`. A mask that the caller draws from a seed makes a training repeatable on every device, which the random
 * numbers of a runtime do not.
 */
export const dropoutMasks = (
  graph: GraphBuilder,
  dropouts: ReadonlyMap<string, Dropout>,
  masks: DropoutMask[],
): Lowering => ({
  op: 'Identity',
  lower(c) {
    const dropout = dropouts.get(c.output());
    if (dropout === undefined || dropout.ratio === 0) return undefined;
    const x = c.input(0);
    const dims = c.dims(x);
    const input = graph.input(graph.unique(`dropout/${dropout.index}`), 'float32', dims);
    masks.push({ ...dropout, input, dims });
    return [c.op('Mul', [x, input])];
  },
});
