import { byteLength, dataFromBytes, dataTypeOf, sizeOf, type DataType, type Tensor } from '../graph/tensor.ts';
import type { WireReader } from './wireReader.ts';

/** Bytes of external data by the file name the model refers to. */
export type ExternalData = Readonly<Record<string, Uint8Array>>;

/** Reads a TensorProto; its data is copied out of the input. */
export function readTensor(r: WireReader, external: ExternalData): { name: string; tensor: Tensor } {
  const dims: (number | bigint)[] = [];
  const ints: (number | bigint)[] = [];
  const floats: number[] = [];
  const strings: string[] = [];
  const location = new Map<string, string>();
  let name = '';
  let number = 0;
  let raw: Uint8Array | undefined;
  let isExternal = false;
  while (r.next()) {
    if (r.field === 1) r.ints(dims);
    else if (r.field === 2) number = r.safeInt();
    else if (r.field === 3) r.fail('unsupported', 'tensors stored in segments are not read');
    else if (r.field === 4) r.floats(floats, 4);
    else if (r.field === 5 || r.field === 7 || r.field === 11) r.ints(ints);
    else if (r.field === 6) strings.push(r.string());
    else if (r.field === 8) name = r.string();
    else if (r.field === 9) raw = r.bytes();
    else if (r.field === 10) r.floats(floats, 8);
    else if (r.field === 13) readEntry(r.message('external_data'), location);
    else if (r.field === 14) isExternal = r.int() === 1;
    else r.raw();
  }
  const where = name === '' ? 'the tensor' : `tensor "${name}"`;
  const type = dataTypeOf(number) ?? r.fail('unsupported', `${where} has the unknown data type ${number}`);
  const shape = dims.map((dim) =>
    typeof dim === 'number' && dim >= 0 ? dim : r.fail('invalid', `${where} has the dimension ${dim}`),
  );
  const count = sizeOf(shape);
  const size = byteLength(type, count);
  const mismatch = (found: number, unit: string): never =>
    r.fail('invalid', `${where} of type ${type} and shape [${shape.join(', ')}] does not match its ${found} ${unit}`);

  if (type === 'string') {
    return strings.length === count
      ? { name, tensor: { type, dims: shape, data: strings } }
      : mismatch(strings.length, 'strings');
  }
  if (isExternal) raw = externalBytes(r, where, location, size, external);
  if (raw !== undefined) {
    if (raw.length !== size) mismatch(raw.length, 'bytes');
    return { name, tensor: { type, dims: shape, data: dataFromBytes(type, raw) } };
  }
  // Typed fields: as many entries as elements, so the allocation is bounded by the bytes that were read.
  const values = isFloat(type) ? floats : ints;
  if (values.length !== count) mismatch(values.length, 'values');
  const data = dataFromBytes(type, new Uint8Array(size));
  if (data.length !== count) r.fail('unsupported', `${where} of type ${type} is read from raw_data alone`);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array)
    for (let i = 0; i < count; i++) data[i] = BigInt(values[i] as number);
  else for (let i = 0; i < count; i++) data[i] = Number(values[i]);
  return { name, tensor: { type, dims: shape, data } };
}

const isFloat = (type: DataType): boolean => type === 'float32' || type === 'float64';

/** Reads a StringStringEntryProto. */
function readEntry(r: WireReader, into: Map<string, string>): void {
  let key = '';
  let value = '';
  while (r.next()) {
    if (r.field === 1) key = r.string();
    else if (r.field === 2) value = r.string();
    else r.raw();
  }
  into.set(key, value);
}

function externalBytes(
  r: WireReader,
  where: string,
  entry: ReadonlyMap<string, string>,
  size: number,
  external: ExternalData,
): Uint8Array {
  const file = entry.get('location') ?? r.fail('invalid', `${where} is external and names no location`);
  if (!Object.hasOwn(external, file)) {
    r.fail(
      'invalid',
      `${where} lies in the file "${file}"; pass its bytes as externalData: { ${JSON.stringify(file)}: bytes }`,
    );
  }
  const bytes = external[file] as Uint8Array;
  const offset = Number(entry.get('offset') ?? 0);
  const length = Number(entry.get('length') ?? size);
  if (
    !(
      Number.isSafeInteger(offset) &&
      Number.isSafeInteger(length) &&
      offset >= 0 &&
      length >= 0 &&
      offset + length <= bytes.length
    )
  ) {
    r.fail('truncated', `${where} needs bytes ${offset} to ${offset + length} of "${file}", which has ${bytes.length}`);
  }
  return bytes.subarray(offset, offset + length);
}
