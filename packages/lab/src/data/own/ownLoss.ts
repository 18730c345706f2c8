import { binaryCrossEntropy, huber, meanSquaredError, softmaxCrossEntropy, type Loss } from '@anneal/onnx';
import { known } from '../../labError.ts';
import { accuracy } from '../../metrics/accuracy.ts';
import { binaryAccuracy } from '../../metrics/binaryAccuracy.ts';
import { crossEntropy } from '../../metrics/crossEntropy.ts';
import { meanSquaredError as squaredError } from '../../metrics/meanSquaredError.ts';
import type { Metric } from '../../metrics/metric.ts';

/** Which output of a model is compared with which field, for losses of @anneal/onnx. */
export interface Compared {
  readonly output: string;
  readonly target: string;
}

/** A loss that a person names, with what judges it. */
export interface OwnLoss {
  /** The field of the data that it reads, unless another is named. */
  readonly target: string;
  /** Whether the target holds class numbers along the output's last axis; else it has the output's shape, in float32. */
  readonly classes: boolean;
  /** Whether the target is a share, in [0, 1]. */
  readonly share?: boolean;
  readonly loss: (compared: Compared) => Loss;
  readonly metrics: (compared: Compared) => readonly [judge: Metric, ...others: Metric[]];
  readonly lossMetric?: (compared: Compared) => Metric;
}

/** What marks a position without a label. */
export const ignored = -100;

const judgedBySquares = ({ output, target }: Compared): Metric => squaredError({ prediction: output, target });

/** The losses by name. */
export const ownLosses: Readonly<Record<string, OwnLoss>> = {
  softmaxCrossEntropy: {
    target: 'labels',
    classes: true,
    loss: ({ output, target }) => softmaxCrossEntropy({ logits: output, labels: target, ignoreIndex: ignored }),
    metrics: ({ output, target }) => [accuracy({ logits: output, labels: target, ignoreIndex: ignored })],
    lossMetric: ({ output, target }) => crossEntropy({ logits: output, labels: target, ignoreIndex: ignored }),
  },
  binaryCrossEntropy: {
    target: 'labels',
    classes: false,
    share: true,
    loss: ({ output, target }) => binaryCrossEntropy({ logits: output, labels: target }),
    metrics: ({ output, target }) => [binaryAccuracy({ logits: output, labels: target })],
  },
  meanSquaredError: {
    target: 'target',
    classes: false,
    loss: (compared) => meanSquaredError(compared),
    metrics: (compared) => [judgedBySquares(compared)],
    lossMetric: judgedBySquares,
  },
  huber: {
    target: 'target',
    classes: false,
    loss: (compared) => huber(compared),
    metrics: (compared) => [judgedBySquares(compared)],
  },
};

/** The loss of this name; throws a LabError that lists those that exist. */
export const ownLossNamed = (name: string): OwnLoss => known('loss', name, ownLosses);
