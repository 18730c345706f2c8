import type { Graph } from './model.ts';

/** Names that the nodes of a graph read, and those that subgraphs in them do. */
export const valuesRead = ({ nodes }: Pick<Graph, 'nodes'>): string[] =>
  nodes.flatMap(({ inputs, attributes }) => [
    ...inputs,
    ...[...attributes.values()].flatMap((attribute) =>
      attribute.kind === 'graph'
        ? [...valuesRead(attribute.value), ...attribute.value.outputs.map(({ name }) => name)]
        : [],
    ),
  ]);
