import type { Attribute, Graph, GraphNode, Model, ValueInfo } from '../graph/model.ts';
import { dataTypeNumber, type Tensor } from '../graph/tensor.ts';
import { OnnxError } from '../onnxError.ts';
import { WireWriter } from './wireWriter.ts';

/** Protobuf messages, hence .onnx files without external data, end below 2 GiB. */
const maxBytes = 0x7fffffff;

/**
 * Writes an .onnx file; all tensors lie in it. The same model always gives the same bytes.
 *
 * @throws OnnxError `unsupported` when the file would pass the 2 GiB that protobuf allows.
 */
export function writeModel(model: Model): Uint8Array<ArrayBuffer> {
  const w = new WireWriter();
  w.int(1, model.irVersion);
  if (model.producer !== '') w.string(2, model.producer);
  w.message(7, (g) => writeGraph(g, model.graph));
  for (const [domain, version] of model.opsets) {
    w.message(8, (o) => {
      if (domain !== '') o.string(1, domain);
      o.int(2, version);
    });
  }
  if (model.extra !== undefined) w.raw(model.extra);
  const bytes = w.finish();
  if (bytes.length > maxBytes)
    throw new OnnxError(
      'unsupported',
      'writeModel',
      `the file would have ${bytes.length} bytes; protobuf ends at 2 GiB`,
    );
  return bytes;
}

function writeGraph(w: WireWriter, graph: Graph): void {
  for (const node of graph.nodes) w.message(1, (n) => writeNode(n, node));
  w.string(2, graph.name);
  for (const [name, tensor] of graph.initializers) w.message(5, (t) => writeTensor(t, tensor, name));
  for (const input of graph.inputs) w.message(11, (v) => writeValueInfo(v, input));
  for (const output of graph.outputs) w.message(12, (v) => writeValueInfo(v, output));
  if (graph.extra !== undefined) w.raw(graph.extra);
}

function writeNode(w: WireWriter, node: GraphNode): void {
  for (const input of node.inputs) w.string(1, input);
  for (const output of node.outputs) w.string(2, output);
  if (node.name !== '') w.string(3, node.name);
  w.string(4, node.op);
  for (const [name, attribute] of node.attributes) w.message(5, (a) => writeAttribute(a, name, attribute));
  if (node.domain !== '') w.string(7, node.domain);
  if (node.extra !== undefined) w.raw(node.extra);
}

function writeAttribute(w: WireWriter, name: string, { kind, value }: Attribute): void {
  w.string(1, name);
  if (kind === 'float') w.float(2, value);
  else if (kind === 'int') w.int(3, value);
  else if (kind === 'string') w.string(4, value);
  else if (kind === 'tensor') w.message(5, (t) => writeTensor(t, value, ''));
  else if (kind === 'graph') w.message(6, (g) => writeGraph(g, value));
  else if (kind === 'floats') for (const item of value) w.float(7, item);
  else if (kind === 'ints') for (const item of value) w.int(8, item);
  else if (kind === 'strings') for (const item of value) w.string(9, item);
  else {
    w.raw(value);
    return;
  }
  w.int(20, ['', 'float', 'int', 'string', 'tensor', 'graph', 'floats', 'ints', 'strings'].indexOf(kind));
}

function writeTensor(w: WireWriter, { type, dims, data }: Tensor, name: string): void {
  for (const dim of dims) w.int(1, dim);
  w.int(2, dataTypeNumber(type));
  if (name !== '') w.string(8, name);
  if (ArrayBuffer.isView(data)) w.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  else for (const item of data) w.string(6, item);
}

function writeValueInfo(w: WireWriter, { name, type, dims, extra }: ValueInfo): void {
  w.string(1, name);
  if (type !== undefined) {
    w.message(2, (t) =>
      t.message(1, (tensor) => {
        tensor.int(1, dataTypeNumber(type));
        if (dims !== undefined) {
          tensor.message(2, (shape) => {
            for (const dim of dims) {
              shape.message(1, (d) => {
                if (typeof dim === 'number') d.int(1, dim);
                else if (dim !== undefined) d.string(2, dim);
              });
            }
          });
        }
      }),
    );
  }
  if (extra !== undefined) w.raw(extra);
}
