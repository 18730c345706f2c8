import { GraphBuilder, type Model, type Shapes, type ValueInfo } from '@anneal/onnx';

/** A graph with a loss and the gradients of what is trained. */
export interface Backward {
  readonly graph: GraphBuilder;
  readonly loss: string;
  readonly gradients: ReadonlyMap<string, string>;
}

/**
 * Mean loss and mean gradients over N micro-batches, N symbolic: the graph with the gradients becomes the body of a `Scan` whose state is
 * the sums; the parameters reach into it from the graph around it.
 */
export function accumulated(
  model: Model,
  { graph: body, loss, gradients }: Backward,
  feeds: Shapes,
): Backward & { readonly inputs: ReadonlyMap<string, ValueInfo> } {
  const graph = new GraphBuilder({
    ...model,
    graph: { name: 'update', nodes: [], initializers: new Map(), inputs: [], outputs: [] },
  });
  const trained = [...gradients].map(([name, gradient]) => ({ name, gradient, tensor: body.initializers.get(name)! }));
  const sums = trained.map(({ name, gradient, tensor }) => {
    const sum = body.input(body.unique(`sum/${name}`), 'float32', tensor.dims);
    return { sum, next: body.op('Add', [sum, gradient]) };
  });
  const each = body.op('Identity', [loss]);
  for (const { name } of trained) body.initializers.delete(name);
  const inner = body.model().graph;
  graph.reserve(inner);

  const info = (name: string): ValueInfo => body.inputs.find((input) => input.name === name)!;
  const scanned = body.inputs.flatMap(({ name }) => (feeds.has(name) ? [name] : []));
  const inputs = new Map(
    scanned.map((name): [string, ValueInfo] => {
      const { type, dims } = feeds.get(name)!;
      return [
        name,
        { name: graph.input(graph.unique(`micro/${name}`), type, ['N', ...dims]), type, dims: ['N', ...dims] },
      ];
    }),
  );
  for (const { name, tensor } of trained) graph.parameter(name, tensor);
  const zeros = trained.map(({ tensor }) => graph.op('Expand', [graph.scalar(0), graph.list(tensor.dims)]));
  const results = graph.ops('Scan', [...zeros, ...scanned.map((name) => inputs.get(name)!.name)], trained.length + 1, {
    num_scan_inputs: scanned.length,
    body: {
      kind: 'graph',
      value: {
        ...inner,
        name: 'micro-batch',
        inputs: [...sums.map(({ sum }) => info(sum)), ...scanned.map(info)],
        outputs: [
          ...sums.map(({ next }, i) => ({ name: next, type: 'float32' as const, dims: trained[i]!.tensor.dims })),
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
    inputs,
  };
}
