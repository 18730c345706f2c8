// Which report of a run an imported controller waits for: one of an epoch, but where the framework hears every update.
import { createScheduler } from '@anneal/core';
import { expect, test } from 'vitest';
import { translators } from '../src/index.ts';

test.each([
  ['torch', { name: 'ReduceLROnPlateau', lr: 1 }, 'loss'],
  ['torch', { name: 'ReduceLROnPlateau', args: { mode: 'max' }, lr: 1 }, 'val_accuracy'],
  ['paddle', { name: 'ReduceOnPlateau', args: { learning_rate: 1 } }, 'loss'],
  ['paddle', { name: 'ReduceOnPlateau', args: { learning_rate: 1, mode: 'max' } }, 'val_accuracy'],
  ['keras', { class_name: 'ReduceLROnPlateau', config: {}, lr: 1 }, 'val_loss'],
  ['keras', { class_name: 'ReduceLROnPlateau', config: { monitor: 'loss' }, lr: 1 }, 'loss'],
  ['mmengine', { name: 'ReduceOnPlateauLR', lr: 1 }, 'val_loss'],
  ['mmengine', { name: 'ReduceOnPlateauLR', args: { monitor: 'acc', rule: 'greater' }, lr: 1 }, 'val_acc'],
  ['timm', { name: 'PlateauLRScheduler', lr: 1 }, 'val_accuracy'],
  ['timm', { name: 'PlateauLRScheduler', args: { mode: 'min' }, lr: 1 }, 'val_loss'],
  ['transformers', { lr_scheduler_type: 'reduce_lr_on_plateau' }, 'val_loss'],
  ['transformers', { lr_scheduler_type: 'greedy' }, 'val_loss'],
  ['transformers', { lr_scheduler_type: 'greedy', metric_for_best_model: 'eval_f1' }, 'val_f1'],
  ['transformers', { lr_scheduler_type: 'reduce_lr_on_plateau', metric_for_best_model: 'accuracy' }, 'val_accuracy'],
  ['optax', { name: 'reduce_on_plateau', lr: 1 }, 'batchLoss'],
] as const)('%s %j reads %s', async (framework, description, monitor) => {
  const { read } = await translators[framework]();
  expect([...createScheduler(read(description)).monitors()]).toEqual([monitor]);
});
