import { expect, test } from 'vitest';
import { batchMetric } from './metricNames.ts';
import { metricDirection } from './metricDirection.ts';

test('loss falls, whatever the model', () => {
  expect(['loss', 'val_loss', batchMetric('loss')].map(metricDirection)).toEqual(['min', 'min', 'min']);
});

// What `compile` of TensorFlow.js puts into the logs, but for the cosine: it is a loss there and a similarity in Keras.
test.each([
  ['acc', 'max'],
  ['val_acc', 'max'],
  ['ce', 'min'],
  ['precision', 'max'],
  ['binaryAccuracy', 'max'],
  ['categoricalAccuracy', 'max'],
  ['sparseCategoricalAccuracy', 'max'],
  ['categoricalCrossentropy', 'min'],
  ['val_sparseCategoricalCrossentropy', 'min'],
  ['meanSquaredError', 'min'],
  ['meanAbsolutePercentageError', 'min'],
  ['r2Score', 'max'],
  ['mse', 'min'],
  ['MSE', 'min'],
  ['mae', 'min'],
  ['MAPE', 'min'],
  ['cosine', undefined],
  ['cosineProximity', undefined],
] as const)('tfjs: %s is a metric of mode %s', (name, mode) => {
  expect(metricDirection(name)).toBe(mode);
});

test('the second metric of one name', () => {
  expect(['auc_1', 'val_precision_2', 'f1_score'].map(metricDirection)).toEqual(['max', 'max', 'max']);
});

test('what is no name of a metric, or only contains one, is not guessed at', () => {
  const names = ['', 'val_', 'reward', 'lossy', 'head_loss', 'neg_mean_squared_error', 'accident', 'auc_', 'batchloss'];
  expect(names.filter((name) => metricDirection(name) !== undefined)).toEqual([]);
  expect(metricDirection('constructor')).toBeUndefined();
});
