import {
  byteLength,
  sizeOf,
  type DataType,
  type Model,
  type Shapes,
  type ValueInfo,
  type ValueShape,
} from '@anneal/onnx';
import { TrainerError } from './trainerError.ts';
import { tensorOf, type Ort, type OrtData, type OrtTensor } from './ort.ts';

/** One tensor of a batch, row-major. */
export interface Feed {
  readonly data: OrtData;
  readonly dims: readonly number[];
  /** The element type where the array does not say it: "bool" (Uint8Array), "float16" (Uint16Array). */
  readonly type?: DataType;
}

/** What one step reads: inputs of the model and labels, by name. */
export type Batch = Readonly<Record<string, Feed>>;

/** A tensor that a model returned. */
export interface Output {
  readonly type: DataType;
  readonly data: OrtData;
  readonly dims: readonly number[];
}

/** A description of a batch: a batch itself will do, or dimensions alone (float32 unless `type` says otherwise). */
export type BatchLike = Readonly<
  Record<string, { readonly dims: readonly number[]; readonly data?: OrtData; readonly type?: DataType }>
>;

const typeOfArray = new Map<unknown, DataType>([
  [Float32Array, 'float32'],
  [Float64Array, 'float64'],
  [Int8Array, 'int8'],
  [Uint8Array, 'uint8'],
  [Int16Array, 'int16'],
  [Uint16Array, 'uint16'],
  [Int32Array, 'int32'],
  [Uint32Array, 'uint32'],
  [BigInt64Array, 'int64'],
  [BigUint64Array, 'uint64'],
]);

/** Types and shapes of a batch; data is checked against its shape. */
export function shapesOf(batch: BatchLike): Shapes {
  return new Map(
    Object.entries(batch).map(([name, { dims, data, type }]): [string, ValueShape] => {
      if (!Array.isArray(dims) || !dims.every((dim) => Number.isSafeInteger(dim) && dim > 0)) {
        throw new TrainerError(
          'argument',
          name,
          `dims must be a list of positive whole numbers; received ${String(dims)}`,
        );
      }
      const found = type ?? (data === undefined ? 'float32' : typeOfArray.get(data.constructor));
      if (found === undefined) throw new TrainerError('argument', name, 'data must be a typed array');
      if (data !== undefined && data.byteLength !== byteLength(found, sizeOf(dims))) {
        throw new TrainerError(
          'argument',
          name,
          `shape [${dims.join(', ')}] needs ${sizeOf(dims)} elements; received ${data.length}`,
        );
      }
      return [name, { type: found, dims }];
    }),
  );
}

/** Equal for batches that the same session can take. */
export const signatureOf = (shapes: Shapes): string =>
  JSON.stringify([...shapes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, { type, dims }]) => [name, type, dims]));

/** The inputs that a session declares, as tensors of onnxruntime. */
export const feedTensors = (
  ort: Ort,
  batch: Batch,
  shapes: Shapes,
  names: readonly string[],
): Record<string, OrtTensor> =>
  Object.fromEntries(
    names.map((name) => {
      const feed = batch[name];
      const shape = shapes.get(name);
      if (feed === undefined || shape === undefined) {
        throw new TrainerError(
          'argument',
          name,
          `the model reads this input, which the batch lacks; it holds ${Object.keys(batch).join(', ') || 'nothing'}`,
        );
      }
      return [name, tensorOf(ort, shape.type, feed.data, feed.dims)];
    }),
  );

/**
 * Refuses what the model would not read: numbers of another type, another number of axes. Sizes may differ from those of the file, and indices
 * may be int32 or int64, whichever it says: the graph is made for what comes.
 */
function checkAgainst({ name, type, dims }: ValueInfo, shape: ValueShape): void {
  const fail = (message: string): never => {
    throw new TrainerError('argument', name, message);
  };
  const isIndex = (one: DataType): boolean => one === 'int32' || one === 'int64';
  if (type !== undefined && type !== shape.type && !(isIndex(type) && isIndex(shape.type)))
    fail(`the model reads ${type}${arrayOf(type)}; received ${shape.type}${arrayOf(shape.type)}`);
  if (dims !== undefined && dims.length !== shape.dims.length)
    fail(
      `the model reads the shape [${dims.map((dim) => dim ?? '?').join(', ')}]; received [${shape.dims.join(', ')}]`,
    );
}

/** The array that holds a type, for a sentence. */
function arrayOf(type: DataType): string {
  const [array] = [...typeOfArray].find(([, of]) => of === type) ?? [];
  return array === undefined ? '' : ` (${(array as { readonly name: string }).name})`;
}

/** The model with the shapes of a batch in place of what its inputs declare. */
export function bindInputs(model: Model, shapes: Shapes): Model {
  const inputs = model.graph.inputs.map((input) => {
    if (model.graph.initializers.has(input.name)) return input;
    const shape = shapes.get(input.name);
    if (shape === undefined) {
      throw new TrainerError(
        'argument',
        input.name,
        `the model reads this input, which the batch lacks; it holds ${[...shapes.keys()].join(', ') || 'nothing'}`,
      );
    }
    checkAgainst(input, shape);
    return { name: input.name, ...shape };
  });
  return { ...model, graph: { ...model.graph, inputs } };
}
