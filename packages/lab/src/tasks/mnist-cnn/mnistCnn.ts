import type { Batch } from '../../data/tensor.ts';
import { cnn } from '../../models/cnn.ts';
import { exampleSource } from '../exampleSource.ts';
import { classes, mnistSplits, size } from '../mnist-mlp/mnistImages.ts';
import { mnistMlp } from '../mnist-mlp/mnistMlp.ts';
import type { Task } from '../task.ts';

/** The same digits as images, for a network of two convolutions. */
export const mnistCnn: Task = {
  ...mnistMlp,
  name: 'mnist-cnn',
  description: '10,000 digits of MNIST, 28 × 28 pixels, two convolutions of 8 and 16 channels',
  model: cnn({ size, channels: [8, 16], classes }),
  defaults: { ...mnistMlp.defaults, epochs: 3 },
  open: async (run) => {
    const { train, validation, test } = await mnistSplits('mnist-cnn');
    return exampleSource({ train: asImages(train), validation: asImages(validation), test: asImages(test) }, run);
  },
};

const asImages = ({ inputs, labels }: Batch): Batch => ({
  inputs: { data: inputs!.data, dims: [inputs!.dims[0]!, 1, size, size] },
  labels: labels!,
});
