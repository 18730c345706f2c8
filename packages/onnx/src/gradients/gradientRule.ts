import type { NodeWriter } from '../graph/arithmetic.ts';
import type { AttributeInput } from '../graph/graphBuilder.ts';
import type { GraphNode } from '../graph/model.ts';
import type { DataType, Tensor } from '../graph/tensor.ts';

/** Element type and static shape of a value. */
export interface ValueShape {
  readonly type: DataType;
  readonly dims: readonly number[];
}

/** Shapes of the values of a graph, by name. They come from a runtime: this package infers none. */
export type Shapes = ReadonlyMap<string, ValueShape>;

/**
 * How one operator is differentiated.
 *
 * Given ∂L/∂output of each output, `gradient` writes nodes for ∂L/∂input of each input, of exactly the input's shape, and returns
 * their names in the order of the inputs; a missing or falsy entry is no gradient.
 */
export interface GradientRule {
  readonly op: string;
  /** The operator's domain; empty for the standard one. */
  readonly domain?: string;
  /** The attributes the rule takes into account. A node with any other is refused. */
  readonly attributes?: readonly string[];
  /** Inputs that have a gradient; by default all. The others are treated as constants, as is an integer input anywhere. */
  readonly inputs?: readonly number[];
  /** `dy` is ∂L/∂output of the first output (zeros where the loss depends on a later one alone). */
  gradient(context: GradientContext, dy: string): readonly (string | false | undefined)[];
}

/** What a rule sees of the node and what it writes with. */
export interface GradientContext extends NodeWriter {
  readonly node: GraphNode;
  /** Names of the inputs; a missing trailing one is ''. */
  input(index: number): string;
  /** ∂L/∂output; undefined where the loss does not depend on that output. */
  dy(index: number): string | undefined;
  /** Whether the gradient of this input is asked for. */
  needs(index: number): boolean;
  /** The name of an output, '' where it is left out. */
  output(index?: number): string;
  /** The same, and the node is given the output if it lacks it: what the forward pass knows need not be computed again. */
  needOutput(index: number): string;
  /** The static shape of a value of the forward graph. */
  dims(value: string): readonly number[];
  type(value: string): DataType;
  /** The tensor behind a name, when it is constant. */
  constant(value: string): Tensor | undefined;

  /** Attributes, with the value the standard gives when absent. Only those the rule lists can be read. */
  int(name: string, fallback: number): number;
  float(name: string, fallback: number): number;
  text(name: string, fallback: string): string;
  ints(name: string): readonly number[] | undefined;
  /** Ends with the sentence that this node's `what` has no gradient rule. */
  refuse(what: string): never;

  ops(
    op: string,
    inputs: readonly string[],
    outputCount: number,
    attributes?: Readonly<Record<string, AttributeInput>>,
  ): string[];
  /** All attributes of the node, to repeat it. */
  readonly attributes: Readonly<Record<string, AttributeInput>>;
  /** Any constant. */
  tensor(value: Tensor): string;
}
