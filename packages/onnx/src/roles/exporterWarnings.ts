import type { Graph } from '../graph/model.ts';
import { sizeOf, type Tensor } from '../graph/tensor.ts';
import { exportSignature } from './exportSignature.ts';
import { initializerRoles } from './initializerRoles.ts';

/**
 * What an exporter has changed in a network so that it can no longer be trained as it was: sentences for people, none for a file that was
 * exported for training.
 *
 * - Batch normalisation that was folded into convolutions has no statistics, scale and bias any more.
 * - Parameters that were made one with equal ones stay one.
 * - A weight that was shared, and stored once more transposed, becomes two.
 * - A tensor that was repeated for the batch it was exported with fits no other one.
 */
export function exporterWarnings(graph: Graph): readonly string[] {
  const signature = exportSignature(graph);
  const roles = initializerRoles(graph);
  const missing = [...signature].flatMap(([name, kind]) => (graph.initializers.has(name) ? [] : [{ name, kind }]));
  const folded = missing.flatMap(({ name }) => (name.endsWith('.running_var') ? [name.slice(0, -12)] : []));
  const rest = missing.filter(
    ({ name, kind }) => kind === 'PARAMETER' && !folded.some((layer) => name.startsWith(`${layer}.`)),
  );
  const renamed = roles.filter(({ name, trained }) => trained && !signature.has(name));
  // The older exporter renames the weights of a convolution only when it folds batch normalisation into them.
  const renumbered = roles.filter(({ name, trained }) => trained && /^onnx::Conv_\d+$/.test(name));
  const sized = roles.filter(({ trained, reason }) => !trained && reason.startsWith('its first dimension'));
  // Under names of their own stand the weights that it transposes.
  const lost = rest.length - renamed.length - sized.length;
  return [
    ...said(
      folded.length > 0 ? folded : renumbered.map(({ name }) => name),
      'the exporter folded batch normalisation into convolutions, which are trained without it',
    ),
    ...(lost > 0
      ? said(
          rest.map(({ name }) => name),
          `the file holds ${lost} parameters fewer than the network: the exporter left them out, or made them one with equal ones, among`,
        )
      : []),
    ...said(
      ties(graph).map(([a, b]) => `${a} and ${b}`),
      'the exporter stored a shared weight twice, once transposed, and the two are trained apart',
    ),
    ...said(
      sized.map(({ name }) => name),
      'the exporter repeated these tensors for its batch, and they are not trained',
    ),
  ];
}

const said = (names: readonly string[], what: string): readonly string[] => {
  if (names.length === 0) return [];
  const shown = names.length > 6 ? [...names.slice(0, 5), `${names.length - 5} more`] : names;
  return [`${what}: ${shown.join(', ')}`];
};

/** Pairs of matrices of which one is the other transposed. */
function ties({ initializers }: Graph): (readonly [string, string])[] {
  const matrices = [...initializers].filter(
    ([, { type, dims }]) => type === 'float32' && dims.length === 2 && sizeOf(dims) > 1 && !dims.includes(1),
  );
  return matrices.flatMap(([a, first], i) =>
    matrices.slice(i + 1).flatMap(([b, second]) => (isTransposed(first, second) ? [[a, b] as const] : [])),
  );
}

function isTransposed({ dims, data }: Tensor, other: Tensor): boolean {
  const [rows, columns] = dims as [number, number];
  if (other.dims[0] !== columns || other.dims[1] !== rows) return false;
  const [a, b] = [data as Float32Array, other.data as Float32Array];
  if (a.every((value) => value === a[0])) return false;
  return a.every((value, i) => value === b[(i % columns) * rows + Math.floor(i / columns)]);
}
