import type { NodeContext, NodeReader } from '../graph/nodeContext.ts';

/**
 * How one operator is replaced by simpler ones before gradients are taken: what has no gradient rule of its own (a recurrent cell), or
 * computes otherwise while training.
 */
export interface Lowering extends NodeReader {
  /**
   * Writes the nodes that replace one, and returns a value for each output in their order; undefined for an output that nothing reads.
   * Without a result the node stays as it is.
   */
  lower(context: LoweringContext): readonly (string | undefined)[] | undefined;
}

/** What a lowering sees of the node and what it writes with. `needs(i)`: whether something trained reaches the input. */
export type LoweringContext = NodeContext;

/** Whether something trained reaches the node: what nothing trained reaches has no gradient, and may stay as it is. */
export const isReached = (c: LoweringContext): boolean => c.node.inputs.some((_, i) => c.needs(i));
