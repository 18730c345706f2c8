import type { GraphBuilder } from '../graph/graphBuilder.ts';
import { OnnxError } from '../onnxError.ts';

/**
 * A mask for each parameter of which rows are frozen: true in those, of a shape that is broadcast against the parameter's.
 *
 * @throws OnnxError `argument` for rows of what is no trained parameter, or that it does not have.
 */
export function frozenRows(
  graph: GraphBuilder,
  parameters: Iterable<string>,
  frozen: Readonly<Record<string, readonly number[]>>,
): ReadonlyMap<string, string> {
  const trained = new Set(parameters);
  return new Map(
    Object.entries(frozen).flatMap(([name, rows]) => {
      const dims = graph.initializers.get(name)?.dims;
      if (dims === undefined) throw new OnnxError('argument', 'frozenRows', `the model has no parameter "${name}"`);
      const count = dims[0] ?? 0;
      const wrong = rows.find((row) => !(Number.isInteger(row) && row >= 0 && row < count));
      if (wrong !== undefined)
        throw new OnnxError('argument', 'frozenRows', `${name}: its rows are 0 to ${count - 1}; received ${wrong}`);
      // What is frozen as a whole has no rows to freeze.
      if (!trained.has(name)) return [];
      const mask = { type: 'bool', dims: [count, ...dims.slice(1).fill(1)], data: new Uint8Array(count) } as const;
      for (const row of rows) mask.data[row] = 1;
      return [[name, graph.parameter(graph.unique(`frozen/${name}`), mask)] as const];
    }),
  );
}
