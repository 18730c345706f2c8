import { expect, test } from 'vitest';
import { batchMetric, isPerUpdate } from './metricNames.ts';

test.each(['loss', 'accuracy', 'acc', 'mse', 'top-1', 'Precision'])(
  '%s of a batch is a metric of every update',
  (name) => {
    expect(isPerUpdate(name)).toBe(false);
    expect(isPerUpdate(batchMetric(name))).toBe(true);
  },
);

test('what Keras puts into the logs of an epoch is of an epoch, and so is what only sounds alike', () => {
  for (const name of ['loss', 'val_loss', 'val_accuracy', 'lr', 'batch', 'batches', 'gradient']) {
    expect(isPerUpdate(name), name).toBe(false);
  }
});
