import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, TensorProtoSchema, AttributeProto_AttributeType, TensorProto_DataLocation } from 'onnx-buf';
import { array, assert, nat, oneof, property, record, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkModel,
  float,
  float32,
  GraphBuilder,
  int64,
  OnnxError,
  readModel,
  writeModel,
  type Model,
  type Tensor,
} from '../index.ts';

/** A model with every kind of attribute, tensor and edge that this package takes apart. */
function everything(): Model {
  const inner = new GraphBuilder();
  inner.output('then', inner.op('Neg', [inner.scalar(2)]));
  const tensors: Tensor[] = [
    { type: 'float64', dims: [2], data: Float64Array.of(1e-300, -0) },
    { type: 'float16', dims: [3], data: Uint16Array.of(0x3c00, 0x7bff, 1) },
    { type: 'bfloat16', dims: [1], data: Uint16Array.of(0x3f80) },
    { type: 'int32', dims: [2], data: Int32Array.of(-(2 ** 31), 7) },
    { type: 'uint64', dims: [1], data: BigUint64Array.of(2n ** 64n - 1n) },
    { type: 'bool', dims: [2, 2], data: Uint8Array.of(1, 0, 0, 1) },
    { type: 'int4', dims: [3], data: Uint8Array.of(0x21, 0x03) },
    { type: 'string', dims: [2], data: ['', 'naïve ☂'] },
    float32([0, 3], []),
    int64([2], [2n ** 63n - 1n, -1]),
  ];
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', ['batch', 3]);
  tensors.forEach((tensor, i) => graph.parameter(`t${i}`, tensor));
  const y = graph.op('Custom', [x, '', 't3'], {
    int: -5,
    float: float(0.1),
    string: 'ü',
    ints: [1, 2 ** 53 - 1, -1],
    floats: { kind: 'floats', value: [0.5, Number.POSITIVE_INFINITY] },
    strings: { kind: 'strings', value: ['a', ''] },
    wide: { kind: 'int', value: 2n ** 63n - 1n },
    tensor: float32([1, 2], [1, 2]),
    graph: { kind: 'graph', value: inner.model().graph },
  });
  graph.output('y', y, { type: 'float32', dims: [undefined, 'n', 4] });
  graph.output('untyped', 'y');
  return {
    ...graph.model(),
    opsets: new Map([
      ['', 18],
      ['com.example', 3],
    ]),
  };
}

describe('a model', () => {
  test('is read back as it was written, and written the same again', () => {
    const model = everything();
    const bytes = writeModel(model);
    const back = readModel(bytes);
    expect(back).toEqual(model);
    expect(writeModel(back)).toEqual(bytes);
  });

  test('is what an independent reader of the format sees', () => {
    const seen = fromBinary(ModelProtoSchema, writeModel(everything()));
    expect(seen.opsetImport.map(({ domain, version }) => [domain, version])).toEqual([
      ['', 18n],
      ['com.example', 3n],
    ]);
    const { graph } = seen;
    expect(graph!.input.map(({ name }) => name)).toEqual(['x']);
    expect(graph!.initializer.map(({ dataType }) => dataType)).toEqual([11, 10, 16, 6, 13, 9, 22, 8, 1, 7]);
    expect(graph!.initializer[9]!.rawData).toEqual(new Uint8Array(BigInt64Array.of(2n ** 63n - 1n, -1n).buffer));
    const [custom] = graph!.node;
    expect(custom!.input).toEqual(['x', '', 't3']);
    const kinds = Object.fromEntries(
      custom!.attribute.map(({ name, type }) => [name, AttributeProto_AttributeType[type]]),
    );
    expect(kinds).toEqual({
      int: 'INT',
      float: 'FLOAT',
      string: 'STRING',
      ints: 'INTS',
      floats: 'FLOATS',
      strings: 'STRINGS',
      wide: 'INT',
      tensor: 'TENSOR',
      graph: 'GRAPH',
    });
    expect(custom!.attribute.find(({ name }) => name === 'ints')!.ints).toEqual([1n, 2n ** 53n - 1n, -1n]);
    const shape = graph!.output[0]!.type!.value;
    expect(shape.case === 'tensorType' && shape.value.shape!.dim.map(({ value }) => value.value)).toEqual([
      undefined,
      'n',
      4n,
    ]);
    // Nothing was written that the format does not know.
    expect(toBinary(ModelProtoSchema, seen)).toHaveLength(writeModel(everything()).length);
  });

  test('written by an independent writer, in every encoding of tensors, is read', () => {
    const tensor = (
      init: Parameters<typeof create<typeof TensorProtoSchema>>[1],
    ): ReturnType<typeof create<typeof TensorProtoSchema>> => create(TensorProtoSchema, init);
    const bytes = toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, {
        irVersion: 3n,
        opsetImport: [{ domain: 'ai.onnx', version: 9n }],
        docString: 'kept',
        metadataProps: [{ key: 'author', value: 'someone' }],
        graph: {
          name: 'g',
          docString: 'kept too',
          initializer: [
            tensor({ name: 'floats', dims: [2n], dataType: 1, floatData: [0.5, -1] }),
            tensor({ name: 'doubles', dims: [1n], dataType: 11, doubleData: [1e-300] }),
            tensor({ name: 'ints', dims: [2n], dataType: 6, int32Data: [-1, 7] }),
            tensor({ name: 'longs', dims: [2n], dataType: 7, int64Data: [-1n, 2n ** 62n] }),
            tensor({ name: 'unsigned', dims: [1n], dataType: 13, uint64Data: [2n ** 64n - 1n] }),
            tensor({ name: 'bools', dims: [2n], dataType: 9, int32Data: [1, 0] }),
            tensor({ name: 'halves', dims: [1n], dataType: 10, int32Data: [0x3c00] }),
            tensor({ name: 'strings', dims: [1n], dataType: 8, stringData: [Uint8Array.of(0x68, 0x69)] }),
          ],
          node: [{ opType: 'Relu', input: ['floats'], output: ['y'], docString: 'a node' }],
        },
      }),
    );
    const { graph, opsets, irVersion } = readModel(bytes);
    expect([irVersion, opsets.get('')]).toEqual([3, 9]);
    expect(Object.fromEntries([...graph.initializers].map(([name, { data }]) => [name, data]))).toEqual({
      floats: Float32Array.of(0.5, -1),
      doubles: Float64Array.of(1e-300),
      ints: Int32Array.of(-1, 7),
      longs: BigInt64Array.of(-1n, 2n ** 62n),
      unsigned: BigUint64Array.of(2n ** 64n - 1n),
      bools: Uint8Array.of(1, 0),
      halves: Uint16Array.of(0x3c00),
      strings: ['hi'],
    });
    // What this package does not use is still there for the independent reader.
    const again = fromBinary(ModelProtoSchema, writeModel(readModel(bytes)));
    expect([
      again.docString,
      again.graph!.docString,
      again.graph!.node[0]!.docString,
      again.metadataProps[0]!.value,
    ]).toEqual(['kept', 'kept too', 'a node', 'someone']);
  });

  test('in a Node Buffer, whose slices share memory, is copied', () => {
    const buffer = Buffer.from(writeModel(everything()));
    const model = readModel(buffer);
    buffer.fill(0);
    expect(model).toEqual(everything());
  });
});

describe('external data', () => {
  const bytes = (offset: string, length = '8'): Uint8Array =>
    toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, {
        opsetImport: [{ version: 18n }],
        graph: {
          name: 'g',
          initializer: [
            {
              name: 'w',
              dims: [2n],
              dataType: 1,
              dataLocation: TensorProto_DataLocation.EXTERNAL,
              externalData: [
                { key: 'location', value: 'model.onnx.data' },
                { key: 'offset', value: offset },
                { key: 'length', value: length },
              ],
            },
          ],
        },
      }),
    );
  const file = new Uint8Array(Float32Array.of(9, 1, 2).buffer);

  test('is taken from the bytes passed, and written into the file', () => {
    const model = readModel(bytes('4'), { externalData: { 'model.onnx.data': file } });
    expect(model.graph.initializers.get('w')?.data).toEqual(Float32Array.of(1, 2));
    expect(readModel(writeModel(model))).toEqual(model);
  });

  test.each([
    ['not passed', bytes('4'), {}, 'pass its bytes as externalData: { "model.onnx.data": bytes }'],
    ['past its end', bytes('8'), { 'model.onnx.data': file }, 'needs bytes 8 to 16'],
    ['before its start', bytes('-4'), { 'model.onnx.data': file }, 'needs bytes -4'],
    ['of another length', bytes('0', '12'), { 'model.onnx.data': file }, 'does not match its 12 bytes'],
    ['at no number', bytes('x'), { 'model.onnx.data': file }, 'needs bytes NaN'],
  ])('%s is refused', (_, model, externalData, message) => {
    expect(() => readModel(model, { externalData })).toThrow(message);
  });
});

describe('hostile bytes give a typed error or a valid model', { timeout: 60_000 }, () => {
  const seed = writeModel(everything());

  /** Reads, checks and writes; anything but an OnnxError is a fault. */
  const attempt = (bytes: Uint8Array): void => {
    try {
      const model = readModel(bytes);
      checkModel(model);
      writeModel(model);
    } catch (error) {
      if (!(error instanceof OnnxError)) throw error;
    }
  };

  test('any bytes', () => {
    expect(() => assert(property(uint8Array({ maxLength: 200 }), attempt), { numRuns: 2000 })).not.toThrow();
  });

  test('a real file with bytes changed, cut out, doubled or cut off', () => {
    const position = nat({ max: seed.length - 1 });
    const change = oneof(
      record({ at: position, byte: nat({ max: 255 }) }),
      record({ from: position, count: nat({ max: 20 }), times: nat({ max: 2 }) }),
    );
    const law = property(array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      let bytes = seed;
      for (const one of changes) {
        if ('byte' in one) bytes = bytes.with(Math.min(one.at, bytes.length - 1), one.byte);
        else {
          const part = [...bytes.subarray(one.from, one.from + one.count)];
          bytes = Uint8Array.of(
            ...bytes.subarray(0, one.from),
            ...Array.from({ length: one.times }, () => part).flat(),
            ...bytes.subarray(one.from + one.count),
          );
        }
      }
      attempt(bytes);
    });
    expect(() => assert(law, { numRuns: 2000 })).not.toThrow();
  });

  test('a length or a shape far past the bytes is refused before anything is allocated', () => {
    expect(() => readModel(Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f))).toThrow(
      expect.objectContaining({ code: 'truncated' }) as Error,
    );
    const huge = toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, { graph: { initializer: [{ name: 'w', dims: [2n ** 40n, 2n ** 12n], dataType: 1 }] } }),
    );
    expect(() => readModel(huge)).toThrow('does not match its 0 values');
  });

  test('graphs nested in each other without end are refused', () => {
    let inner = Uint8Array.of();
    const wrap = (tag: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
      const length: number[] = [];
      for (let rest = bytes.length; ; rest >>= 7) {
        length.push(rest > 127 ? (rest & 127) | 128 : rest);
        if (rest <= 127) break;
      }
      return Uint8Array.of(tag, ...length, ...bytes);
    };
    // graph (model's field 7) > node (1) > attribute (5) > graph (6) …
    for (let depth = 0; depth < 40; depth++) inner = wrap(0x0a, wrap(0x2a, wrap(0x32, inner)));
    expect(() => readModel(wrap(0x3a, inner))).toThrow('nest deeper than 64');
  });
});
