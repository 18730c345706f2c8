import { dense, float32, GraphBuilder, relu, type Model } from '@anneal/onnx';
import { random, uniform } from '../test/mlp.ts';

/** Two convolutions 3×3, each with a max pool 2×2, and a classifier, for images [N, 1, 28, 28]. */
export function cnn(): Model {
  const next = random(7);
  const graph = new GraphBuilder();
  const conv = (x: string, name: string, from: number, to: number): string => {
    const limit = Math.sqrt(6 / (9 * from));
    const weight = graph.parameter(`${name}.weight`, float32([to, from, 3, 3], uniform(9 * from * to, limit, next)));
    const bias = graph.parameter(`${name}.bias`, float32([to], new Float32Array(to)));
    const y = relu(graph, graph.op('Conv', [x, weight, bias], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }));
    return graph.op('MaxPool', [y], { kernel_shape: [2, 2], strides: [2, 2] });
  };
  const features = conv(conv(graph.input('x', 'float32', ['batch', 1, 28, 28]), 'conv1', 1, 8), 'conv2', 8, 16);
  const weight = uniform(784 * 10, Math.sqrt(6 / 784), next);
  const head = { name: 'fc', inputs: 784, outputs: 10, weight };
  graph.output('logits', dense(graph, graph.op('Flatten', [features]), head));
  return graph.model();
}
