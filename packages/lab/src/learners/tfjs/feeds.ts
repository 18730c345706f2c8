import { sizeOf, type LabelRange, type Model, type ValueShape } from '@anneal/onnx';
import type { Batch, Numbers, Tensor } from '../../data/tensor.ts';
import { LabError } from '../../labError.ts';
import { hostValue, isHost, type HostValue, type Value } from './operators/value.ts';

/** What a batch gives, by name, in the types that the model declares; what neither model nor loss reads does no harm. */
export function feedsOf(batch: Batch, { graph }: Model): ReadonlyMap<string, HostValue> {
  for (const { name } of graph.inputs)
    if (!Object.hasOwn(batch, name))
      throw new LabError(
        'invalid',
        `tfjs: the model reads "${name}", which the batch lacks; it holds ${Object.keys(batch).join(', ') || 'nothing'}`,
      );
  return new Map(
    Object.entries(batch).map(([name, tensor]) => {
      const declared = graph.inputs.find((input) => input.name === name)?.type;
      const type = typeOf(tensor.data);
      const bytes = type === 'uint8' && declared === 'bool';
      if (declared !== undefined && declared !== type && !bytes)
        throw new LabError('invalid', `tfjs: the model reads "${name}" as ${declared}; the batch holds ${type}`);
      const value = hostValue({ type: bytes ? 'bool' : type, dims: tensor.dims, data: tensor.data }, false);
      if (value === undefined)
        throw new LabError(
          'invalid',
          `tfjs: "${name}" of shape [${tensor.dims.join(', ')}] does not hold ${tensor.data.length} elements`,
        );
      return [name, value];
    }),
  );
}

const typeOf = (data: Numbers): 'float32' | 'int32' | 'int64' | 'uint8' => {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int32Array) return 'int32';
  return data instanceof BigInt64Array ? 'int64' : 'uint8';
};

/** Their types and shapes. */
export const shapesOf = (feeds: ReadonlyMap<string, HostValue>): ReadonlyMap<string, ValueShape> =>
  new Map([...feeds].map(([name, { type, dims }]) => [name, { type, dims }]));

/** Equal for batches that one plan runs. */
export const signatureOf = (feeds: ReadonlyMap<string, HostValue>): string =>
  JSON.stringify(
    [...feeds].map(([name, { type, dims }]) => [name, type, dims] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** Operators take a negative label as counted from the end. */
export function checkLabels(labels: readonly LabelRange[], feeds: ReadonlyMap<string, HostValue>): void {
  for (const { name, classes, ignored } of labels) {
    const { data = new Int32Array(), dims } = feeds.get(name) ?? { dims: [] };
    const at = data.findIndex((label) => !(label >= 0 && label < classes) && label !== ignored);
    if (at < 0) continue;
    const place = dims.map((dim, axis) => Math.floor(at / sizeOf(dims.slice(axis + 1))) % dim).join(', ');
    const rule = `the classes are 0 to ${classes - 1}, and ${ignored} marks what has no label`;
    throw new LabError('invalid', `tfjs: ${name}: ${rule}; received ${data[at]} at [${place}]`);
  }
}

/** Reads a result back. */
export async function dataOf(value: Value): Promise<Tensor> {
  const { type } = value;
  const dims = isHost(value) ? value.dims : value.tensor.shape;
  const data = isHost(value) ? value.data : await value.tensor.data();
  if (!isHost(value)) value.tensor.dispose();
  if (type === 'float32') return { dims, data: data instanceof Float32Array ? data : Float32Array.from(data) };
  if (type === 'int64') return { dims, data: BigInt64Array.from(Array.from(data as ArrayLike<number>, BigInt)) };
  return { dims, data: type === 'bool' || type === 'uint8' ? Uint8Array.from(data) : Int32Array.from(data) };
}
