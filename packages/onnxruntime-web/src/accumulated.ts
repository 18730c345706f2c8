import { GraphBuilder, type DataType, type Dim, type Model, type RunningStatistic, type Shapes } from '@anneal/onnx';

/** A graph with a loss and the gradients of what is trained. */
export interface Backward {
  readonly graph: GraphBuilder;
  readonly loss: string;
  readonly gradients: ReadonlyMap<string, string>;
  /** Running statistics of batch normalisation, inputs of the graph that it gives new values. */
  readonly statistics: readonly RunningStatistic[];
}

/** The input of a training graph for something that changes from batch to batch. */
export interface FeedInput {
  readonly name: string;
  readonly type: DataType;
  /** Of a batch; with accumulation after an axis "N" of micro-batches. */
  readonly dims: readonly Dim[];
}

/**
 * Mean loss and mean gradients over N micro-batches, N symbolic: the graph with the gradients becomes the body of a `Scan` whose state is
 * the sums and the running statistics; the parameters reach into it from the graph around it.
 */
export function accumulated(
  model: Model,
  { graph: body, loss, gradients, statistics }: Backward,
  feeds: Shapes,
): Backward & { readonly inputs: ReadonlyMap<string, FeedInput> } {
  const graph = new GraphBuilder({
    ...model,
    graph: { name: 'update', nodes: [], initializers: new Map(), inputs: [], outputs: [] },
  });
  const trained = [...gradients].map(([name, gradient]) => ({ name, gradient, tensor: body.initializers.get(name)! }));
  const sums = trained.map(({ name, gradient, tensor: { dims } }) => {
    const inner = body.unique(`sum/${name}`);
    return { inner: body.input(inner, 'float32', dims), next: body.op('Add', [inner, gradient]), dims };
  });
  // A body may not reuse the names around it: there the statistics have others.
  const running = statistics.map(({ name, next, initial: { dims } }) => {
    const inner = body.unique(`running/${name}`);
    return { name, inner: body.input(inner, 'float32', dims), next, dims };
  });
  const innerOf = new Map(running.map(({ name, inner }) => [name, inner]));
  const each = body.op('Identity', [loss]);
  for (const { name } of trained) body.initializers.delete(name);
  const { graph: whole } = body.model();
  const inner = {
    ...whole,
    inputs: whole.inputs.filter(({ name }) => !innerOf.has(name)),
    nodes: whole.nodes.map((node) => ({ ...node, inputs: node.inputs.map((name) => innerOf.get(name) ?? name) })),
  };
  graph.reserve(inner);

  const scanned = inner.inputs.flatMap(({ name }) => (feeds.has(name) ? [{ name, ...feeds.get(name)! }] : []));
  const inputs = new Map(
    scanned.map(({ name, type, dims }): [string, FeedInput] => {
      const input: FeedInput = { name: graph.unique(`micro/${name}`), type, dims: ['N', ...dims] };
      graph.input(input.name, type, input.dims);
      return [name, input];
    }),
  );
  for (const { name, tensor } of trained) graph.parameter(name, tensor);
  const starts = [
    ...sums.map(({ dims }) => graph.op('Expand', [graph.scalar(0), graph.list(dims)])),
    ...running.map(({ name, dims }) => graph.input(name, 'float32', dims)),
  ];
  const state = [...sums, ...running].map(({ dims, ...names }) => ({ ...names, type: 'float32' as const, dims }));
  const results = graph.ops('Scan', [...starts, ...[...inputs.values()].map(({ name }) => name)], starts.length + 1, {
    num_scan_inputs: scanned.length,
    body: {
      kind: 'graph',
      value: {
        ...inner,
        name: 'micro-batch',
        inputs: [...state.map(({ inner: name, type, dims }) => ({ name, type, dims })), ...scanned],
        outputs: [
          ...state.map(({ next, type, dims }) => ({ name: next, type, dims })),
          { name: each, type: 'float32', dims: [] },
        ],
      },
    },
  });
  const losses = results.at(-1)!;
  const count = graph.op('Cast', [graph.op('Shape', [losses])], { to: 1 });
  const mean = (sum: string): string => graph.op('Div', [sum, graph.op('Squeeze', [count])]);
  return {
    graph,
    loss: graph.op('ReduceMean', [losses], { keepdims: 0 }),
    gradients: new Map(trained.map(({ name }, i) => [name, mean(results[i]!)])),
    statistics: statistics.map((statistic, i) => ({ ...statistic, next: results[sums.length + i]! })),
    inputs,
  };
}
