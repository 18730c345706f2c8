import type { NodeContext, NodeReader } from '../graph/nodeContext.ts';

/**
 * How one operator is differentiated.
 *
 * Given ∂L/∂output of each output, `gradient` writes nodes for ∂L/∂input of each input, of exactly the input's shape, and returns
 * their names in the order of the inputs; a missing or falsy entry is no gradient.
 */
export interface GradientRule extends NodeReader {
  /** Inputs that have a gradient; by default all. The others are treated as constants, as is an integer input anywhere. */
  readonly inputs?: readonly number[];
  /** `dy` is ∂L/∂output of the first output (zeros where the loss depends on a later one alone). */
  gradient(context: GradientContext, dy: string): readonly (string | false | undefined)[];
}

/** What a rule sees of the node and what it writes with. */
export interface GradientContext extends NodeContext {
  /** ∂L/∂output; undefined where the loss does not depend on that output. */
  dy(index: number): string | undefined;
  /** The name of an output, and the node is given the output if it lacks it: what the forward pass knows need not be computed again. */
  needOutput(index: number): string;
}
