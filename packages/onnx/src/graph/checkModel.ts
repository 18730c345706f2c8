import { OnnxError } from '../onnxError.ts';
import type { Graph, Model } from './model.ts';
import { byteLength, sizeOf } from './tensor.ts';

/**
 * Checks what the rest of this package relies on: names are assigned once, every node reads only what stands before it
 * (so there are no cycles), outputs exist, tensors have as many elements as their shape, the standard operator set has a version.
 *
 * @throws OnnxError `invalid`, naming the value and the node.
 */
export function checkModel(model: Model): void {
  if (!model.opsets.has(''))
    throw new OnnxError('invalid', 'model', 'the model names no version of the standard operator set');
  checkGraph(model.graph, new Set(), 'graph');
}

function checkGraph(graph: Graph, outer: ReadonlySet<string>, path: string): void {
  const fail = (message: string): never => {
    throw new OnnxError('invalid', path, message);
  };
  const known = new Set(outer);
  const own = new Set<string>();
  const define = (name: string, by: string): void => {
    if (own.has(name)) fail(`"${name}" is defined twice, the second time by ${by}`);
    own.add(name);
    known.add(name);
  };
  for (const { name } of graph.inputs) define(name, 'an input');
  for (const [name, { type, dims, data }] of graph.initializers) {
    // Up to IR version 3 every initializer is listed among the inputs too: a default.
    if (!own.has(name)) define(name, 'an initializer');
    const size = ArrayBuffer.isView(data) ? data.byteLength : data.length;
    if (size !== (type === 'string' ? sizeOf(dims) : byteLength(type, sizeOf(dims)))) {
      fail(`the initializer "${name}" of type ${type} does not fit its shape [${dims.join(', ')}]`);
    }
  }
  graph.nodes.forEach((node, i) => {
    for (const input of node.inputs) {
      if (input !== '' && !known.has(input))
        fail(`node[${i}] (${node.op}) reads "${input}", which nothing before it defines`);
    }
    for (const [name, attribute] of node.attributes) {
      if (attribute.kind === 'graph') checkGraph(attribute.value, known, `${path}.node[${i}].${name}`);
    }
    for (const output of node.outputs) if (output !== '') define(output, `node[${i}] (${node.op})`);
  });
  for (const { name } of graph.outputs) if (!known.has(name)) fail(`the output "${name}" is defined by no node`);
}
