import { convolution, dense, GraphBuilder, heUniform, maxPool, relu } from '@anneal/onnx';
import type { Model } from './model.ts';

export interface CnnOptions {
  /** Height and width of the images, a multiple of 4. */
  readonly size: number;
  /** Channels after each of the two convolutions. */
  readonly channels: readonly [first: number, second: number];
  readonly classes: number;
}

/**
 * A small convolutional network for images of one channel: twice a convolution of 3 × 3, rectified and pooled by 2 × 2, then a layer to the
 * classes. From `inputs`, [batch, 1, size, size], to `logits`; weights by the rule of He et al. 2015, biases at 0.
 */
export function cnn({ size, channels: [first, second], classes }: CnnOptions): Model {
  return {
    name: `cnn ${first}-${second}-${classes}`,
    graph: (seed) => {
      const graph = new GraphBuilder();
      const weight = heUniform(seed);
      const layer = (x: string, name: string, inputs: number, outputs: number): string => {
        const options = { name, inputs, outputs, kernel: 3, padding: 'same', weight } as const;
        return maxPool(graph, relu(graph, convolution(graph, x, options)), { kernel: 2 });
      };
      const images = graph.input('inputs', 'float32', ['batch', 1, size, size]);
      const pooled = layer(layer(images, 'conv1', 1, first), 'conv2', first, second);
      const flat = graph.op('Flatten', [pooled]);
      const inputs = second * (size / 4) ** 2;
      const logits = dense(graph, flat, { name: 'dense', inputs, outputs: classes, weight });
      graph.output('logits', logits, { type: 'float32', dims: ['batch', classes] });
      return graph.model();
    },
  };
}
