import { OnnxError } from '../onnxError.ts';
import { checkOptionNames } from '../optionError.ts';
import { parameterNames } from './parameterNames.ts';

/** Says which layer a parameter belongs to: the first capture of an expression, or what a function returns. */
export type LayerPattern = RegExp | ((name: string) => string | undefined);

export interface LayerGroupsOptions {
  /** Group of the parameters used before the first layer; "stem" by default. */
  readonly before?: string;
  /** Group of those used after the last layer; "head" by default. */
  readonly after?: string;
}

/**
 * The parameters of a model by layer, ordered from input to output by where each is first used: the groups of a trainer, whose names
 * in this order are what `layerwiseDecay` of @anneal/core takes. A layer named by a number is called `layer0`, `layer1`, ….
 *
 * Exporters rename weights that they transpose ("onnx::MatMul_812"). A parameter whose name does not tell the layer is placed by the name
 * of the node that uses it first, with "/" read as ".", and failing that by the nearest node whose parameter has one, the later of two as near:
 * a weight stands before its bias.
 *
 * @param graph a model's graph, or a builder's
 * @throws OnnxError `argument` when no parameter matches.
 *
 * @example
 * const groups = layerGroups(model.graph, /^encoder\.layer\.(\d+)\./); // { stem: […], layer0: […], …, head: […] }
 * const rates = layerwiseDecay(Object.keys(groups), 0.9, 3e-5);
 */
export function layerGroups(
  graph: Parameters<typeof parameterNames>[0],
  pattern: LayerPattern,
  options: LayerGroupsOptions = {},
): Readonly<Record<string, readonly string[]>> {
  checkOptionNames('layerGroups', ['before', 'after'], options);
  const { before = 'stem', after = 'head' } = options;
  const layerOf = (name: string): string | undefined => {
    const found =
      typeof pattern === 'function'
        ? pattern(name)
        : (new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).exec(name) ?? [])[1];
    // Keys of an object that are integers would come first, whatever their order.
    return found !== undefined && /^\d+$/.test(found) ? `layer${found}` : found;
  };
  const uses = byFirstUse(graph).map((use) => ({ ...use, layer: layerOf(use.parameter) ?? layerOf(use.scope) }));
  const known = uses.flatMap(({ at, layer }) => (layer === undefined ? [] : [{ at, layer }]));
  const [first, last] = [known.at(0), known.at(-1)];
  if (first === undefined || last === undefined) {
    const names = uses.slice(0, 8).map(({ parameter }) => parameter);
    if (uses.length > names.length) names.push('…');
    throw new OnnxError(
      'argument',
      'layerGroups',
      `pattern: it names the layer of no parameter; there are ${names.join(', ') || 'none'}`,
    );
  }
  const groups = new Map<string, string[]>();
  for (const { parameter, layer, at } of uses) {
    const nearest = (): string => known.reduce((a, b) => (Math.abs(b.at - at) <= Math.abs(a.at - at) ? b : a)).layer;
    const group = layer ?? (at < first.at ? before : at > last.at ? after : nearest());
    groups.set(group, [...(groups.get(group) ?? []), parameter]);
  }
  return Object.fromEntries(groups);
}

/** Parameters in the order in which nodes use them, each with the place and the name of its first node. */
function byFirstUse(graph: Parameters<typeof parameterNames>[0]): Use[] {
  const { nodes } = graph;
  const parameters = new Set(parameterNames(graph));
  return nodes.flatMap(({ inputs, name }, at) => {
    const scope = name.replace(/^\//, '').replaceAll('/', '.');
    return inputs.flatMap((parameter) => (parameters.delete(parameter) ? [{ parameter, scope, at }] : []));
  });
}

interface Use {
  readonly parameter: string;
  readonly scope: string;
  readonly at: number;
}
