import type { GradientRule } from '../gradients/gradientRule.ts';
import { unruled } from '../gradients/unruled.ts';
import type { Lowering } from '../lowering/lowering.ts';
import { standardLowerings } from '../lowering/standardLowerings.ts';
import type { Graph, Model } from './model.ts';
import { exporterWarnings } from '../roles/exporterWarnings.ts';
import { initializerRoles, type InitializerRole } from '../roles/initializerRoles.ts';
import type { DataType } from './tensor.ts';

/** What a model holds, as far as training is concerned. */
export interface ModelReport {
  /** Version of the standard operator set. */
  readonly opset: number;
  /** Inputs that are not initializers, with their dimensions as the file declares them. */
  readonly inputs: readonly {
    readonly name: string;
    readonly type: DataType | undefined;
    readonly dims: readonly (number | string | undefined)[];
  }[];
  readonly outputs: readonly string[];
  /** What is trained unless a choice is made, as far as the loss depends on it, in the order of the file: see {@link initializerRoles}. */
  readonly parameters: readonly InitializerRole[];
  /** The other float32 tensors and why they are not trained; the trainer's option `trainable` says otherwise. */
  readonly untrained: readonly InitializerRole[];
  /** What the exporter changed so that it cannot be trained as it was: see {@link exporterWarnings}. */
  readonly warnings: readonly string[];
  /** Operators by name (with its domain where that is not the standard one) and how often they occur, those in subgraphs included. */
  readonly operators: ReadonlyMap<string, number>;
  /** Those with neither a gradient rule nor a lowering that stand between what is trained and an output: they stand in the way of training. */
  readonly withoutRule: readonly string[];
  /** Normalisations that stand in the graph; one that was folded into a convolution's weights leaves no trace. */
  readonly normalizations: readonly string[];
  /** Operators on quantised numbers, and those a converter fused for one runtime. */
  readonly quantized: readonly string[];
  readonly fused: readonly string[];
}

/**
 * Lists what a model holds: what is trained and what is not, operators, and which of them stand in the way of training.
 *
 * @example
 * inspectModel(raiseOpset(readModel(bytes)), standardRules).withoutRule; // ["com.microsoft.Attention"]
 */
export function inspectModel(
  model: Model,
  rules: readonly GradientRule[],
  lowerings: readonly Lowering[] = standardLowerings,
): ModelReport {
  const { graph } = model;
  const roles = initializerRoles(graph);
  const operators = new Map<string, number>();
  countOperators(graph, operators);
  const names = [...operators.keys()].sort();
  const parameters = roles.flatMap(({ name, trained }) => (trained ? [name] : []));
  const inTheWay = unruled(graph, parameters, [...lowerings, ...rules]);
  return {
    opset: model.opsets.get('') ?? 0,
    inputs: graph.inputs
      .filter(({ name }) => !graph.initializers.has(name))
      .map(({ name, type, dims = [] }) => ({ name, type, dims })),
    outputs: graph.outputs.map(({ name }) => name),
    parameters: roles.filter(({ trained }) => trained),
    untrained: roles.filter(({ trained }) => !trained),
    warnings: exporterWarnings(graph),
    operators,
    withoutRule: [...new Set(inTheWay.map(({ op, domain }) => qualified(op, domain)))].sort(),
    normalizations: names.filter((name) => name.endsWith('Normalization')),
    quantized: names.filter((name) => /quantize|integer|qlinear|nbits|qattention/i.test(name)),
    fused: names.filter((name) => name.includes('.')),
  };
}

const qualified = (op: string, domain: string): string => (domain === '' ? op : `${domain}.${op}`);

function countOperators({ nodes }: Graph, into: Map<string, number>): void {
  for (const { op, domain, attributes } of nodes) {
    const name = qualified(op, domain);
    into.set(name, (into.get(name) ?? 0) + 1);
    for (const attribute of attributes.values()) if (attribute.kind === 'graph') countOperators(attribute.value, into);
  }
}
