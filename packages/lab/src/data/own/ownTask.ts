import type { Model } from '@anneal/onnx';
import { exampleSource } from '../../tasks/exampleSource.ts';
import type { Task } from '../../tasks/task.ts';
import { examplesIn } from '../rows.ts';
import type { OwnExamples } from './examples.ts';
import { outputFor, type OwnChoice } from './fields.ts';
import type { OwnLoss } from './ownLoss.ts';

/** A peak rate to begin with; what is right for a model of one's own, `anneal find-lr` measures. */
const peakRates: Readonly<Record<string, number>> = {
  sgd: 0.05,
  momentum: 0.02,
  rmsprop: 1e-3,
  adam: 1e-3,
  adamW: 1e-3,
};

/** A person's model and examples as a task, the same on every backend. Training begins from the weights of the file. */
export function ownTask(
  name: string,
  model: Model,
  loss: OwnLoss,
  { splits, classes }: OwnExamples,
  choice: OwnChoice = {},
): Task {
  const compared = { output: outputFor(model, choice), target: choice.target ?? loss.target };
  const [train, validation, test] = [splits.train, splits.validation, splits.test].map(examplesIn) as [
    number,
    number,
    number,
  ];
  const named = classes === undefined ? '' : `; classes ${classes.join(', ')}`;
  return {
    name,
    description: `${train} examples to train on, ${validation} to validate, ${test} to test${named}`,
    note: 'Training begins from the weights in the model file, whatever the seed; the seed draws the order of the examples.',
    model: { name, graph: () => model },
    loss: loss.loss(compared),
    metrics: loss.metrics(compared),
    ...(loss.lossMetric && { lossMetric: loss.lossMetric(compared) }),
    defaults: {
      epochs: 10,
      batchSize: Math.min(32, train),
      optimizer: 'adam',
      peakRate: (optimizer) => peakRates[optimizer] ?? 1e-3,
    },
    open: (run) => exampleSource(splits, run),
  };
}
