import type { Attribute, Dim, Graph, GraphNode, Model, ValueInfo } from '../graph/model.ts';
import { dataTypeOf, type DataType, type Tensor } from '../graph/tensor.ts';
import { concatBytes } from './concatBytes.ts';
import { readTensor, type ExternalData } from './readTensor.ts';
import { WireReader } from './wireReader.ts';

/**
 * Reads an .onnx file (ModelProto of onnx.proto, IR versions 3 and later).
 *
 * Fields that this package does not use (documentation, metadata, local functions) are kept as bytes and written back.
 * Tensors in other files come from `externalData`, by the name the model uses; offsets and lengths are checked.
 * Depth, lengths and allocations are bounded by the bytes given.
 *
 * @throws OnnxError `truncated`, `malformed`, `invalid` or `unsupported`, with the path inside the file.
 */
export function readModel(bytes: Uint8Array, options: { readonly externalData?: ExternalData } = {}): Model {
  const external = options.externalData ?? {};
  const r = new WireReader(bytes);
  const extra: Uint8Array[] = [];
  const opsets = new Map<string, number>();
  let irVersion = 0;
  let producer = '';
  let graph: Graph | undefined;
  while (r.next()) {
    if (r.field === 1) irVersion = r.safeInt();
    else if (r.field === 2) producer = r.string();
    else if (r.field === 7) graph = readGraph(r.message('graph'), external);
    else if (r.field === 8) readOpset(r.message('opset_import'), opsets);
    else extra.push(r.raw());
  }
  graph ??= r.fail('invalid', 'the file holds no graph');
  return { irVersion, producer, opsets, graph, ...joined(extra) };
}

function readOpset(r: WireReader, into: Map<string, number>): void {
  let domain = '';
  let version = 0;
  while (r.next()) {
    if (r.field === 1) domain = r.string();
    else if (r.field === 2) version = r.safeInt();
    else r.raw();
  }
  into.set(domain === 'ai.onnx' ? '' : domain, version);
}

function readGraph(r: WireReader, external: ExternalData): Graph {
  const extra: Uint8Array[] = [];
  const nodes: GraphNode[] = [];
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const initializers = new Map<string, Tensor>();
  let name = '';
  while (r.next()) {
    if (r.field === 1) nodes.push(readNode(r.message(`node[${nodes.length}]`), external));
    else if (r.field === 2) name = r.string();
    else if (r.field === 5) {
      const { name: key, tensor } = readTensor(r.message(`initializer[${initializers.size}]`), external);
      if (initializers.has(key)) r.fail('invalid', `two initializers have the name "${key}"`);
      initializers.set(key, tensor);
    } else if (r.field === 11) inputs.push(readValueInfo(r.message(`input[${inputs.length}]`)));
    else if (r.field === 12) outputs.push(readValueInfo(r.message(`output[${outputs.length}]`)));
    else if (r.field === 15) r.fail('unsupported', 'sparse initializers are not read');
    else extra.push(r.raw());
  }
  return { name, nodes, initializers, inputs, outputs, ...joined(extra) };
}

function readNode(r: WireReader, external: ExternalData): GraphNode {
  const extra: Uint8Array[] = [];
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  let name = '';
  let op = '';
  let domain = '';
  while (r.next()) {
    if (r.field === 1) inputs.push(r.string());
    else if (r.field === 2) outputs.push(r.string());
    else if (r.field === 3) name = r.string();
    else if (r.field === 4) op = r.string();
    else if (r.field === 5) readAttribute(r.message(`attribute[${attributes.size}]`), attributes, external);
    else if (r.field === 7) domain = r.string();
    else extra.push(r.raw());
  }
  if (op === '') r.fail('invalid', 'a node names no operator');
  return { op, domain: domain === 'ai.onnx' ? '' : domain, name, inputs, outputs, attributes, ...joined(extra) };
}

/** AttributeProto.AttributeType, as far as attributes are taken apart. */
const kinds = ['', 'float', 'int', 'string', 'tensor', 'graph', 'floats', 'ints', 'strings'] as const;

function readAttribute(r: WireReader, into: Map<string, Attribute>, external: ExternalData): void {
  // A scalar field that equals its default may be absent from the file.
  let float = 0;
  let int: number | bigint = 0;
  let string = '';
  let tensor: Tensor | undefined;
  let graph: Graph | undefined;
  const floats: number[] = [];
  const ints: (number | bigint)[] = [];
  const strings: string[] = [];
  const raw: Uint8Array[] = [];
  let name = '';
  let type: number | undefined;
  let seen = 0;
  while (r.next()) {
    // Fields 2 to 9 are, in this order, the types 1 to 8.
    if (r.field >= 2 && r.field <= 9) seen = r.field - 1;
    if (r.field === 1) name = r.string();
    else if (r.field === 2) float = r.float();
    else if (r.field === 3) int = r.int();
    else if (r.field === 4) string = r.string();
    else if (r.field === 5) tensor = readTensor(r.message('t'), external).tensor;
    else if (r.field === 6) graph = readGraph(r.message('g'), external);
    else if (r.field === 7) r.floats(floats, 4);
    else if (r.field === 8) r.ints(ints);
    else if (r.field === 9) strings.push(r.string());
    else if (r.field === 20) type = r.safeInt();
    else raw.push(r.raw());
  }
  if (name === '') r.fail('invalid', 'an attribute has no name');
  if (into.has(name)) r.fail('invalid', `two attributes have the name "${name}"`);
  const kind = kinds[type ?? seen];
  const value = { float, int, string, tensor, graph, floats, ints, strings };
  if (kind === undefined) into.set(name, { kind: 'raw', value: rawAttribute(type ?? 0, raw) });
  else if (kind === '' || value[kind] === undefined) r.fail('invalid', `attribute "${name}" has no value`);
  else into.set(name, { kind, value: value[kind] } as Attribute);
}

/** The attribute's fields as read, with its type (field 20, a small varint) put back. */
const rawAttribute = (type: number, fields: readonly Uint8Array[]): Uint8Array =>
  concatBytes([...fields, Uint8Array.of(0xa0, 0x01, type & 127)]);

function readValueInfo(r: WireReader): ValueInfo {
  const extra: Uint8Array[] = [];
  let name = '';
  let typed: { type?: DataType; dims?: Dim[] } = {};
  while (r.next()) {
    if (r.field === 1) name = r.string();
    else if (r.field === 2) {
      // TypeProto: a tensor is taken apart, a sequence, map or optional is repeated as it is.
      const copy = r.raw();
      const field = new WireReader(copy, r.path);
      field.next();
      typed = readType(field.message('type'));
      if (typed.type === undefined) extra.push(copy);
    } else extra.push(r.raw());
  }
  return { name, ...typed, ...joined(extra) };
}

function readType(r: WireReader): { type?: DataType; dims?: Dim[] } {
  const found: { type?: DataType; dims?: Dim[] } = {};
  while (r.next()) {
    if (r.field !== 1) r.raw();
    else {
      const tensor = r.message('tensor_type');
      while (tensor.next()) {
        if (tensor.field === 1) {
          const type = dataTypeOf(tensor.safeInt());
          if (type !== undefined) found.type = type;
        } else if (tensor.field === 2) found.dims = readShape(tensor.message('shape'));
        else tensor.raw();
      }
    }
  }
  return found;
}

function readShape(r: WireReader): Dim[] {
  const dims: Dim[] = [];
  while (r.next()) {
    if (r.field !== 1) r.raw();
    else {
      const dim = r.message(`dim[${dims.length}]`);
      let value: Dim;
      while (dim.next()) {
        if (dim.field === 1) value = dim.safeInt();
        else if (dim.field === 2) value = dim.string() || undefined;
        else dim.raw();
      }
      if (typeof value === 'number' && value < 0) dim.fail('invalid', `a dimension is ${value}`);
      dims.push(value);
    }
  }
  return dims;
}

const joined = (parts: readonly Uint8Array[]): { extra?: Uint8Array } =>
  parts.length === 0 ? {} : { extra: concatBytes(parts) };
