/**
 * What the plan's controllers are told: `batchLoss` after each update, by the learner; after each epoch, by the training loop, its
 * mean `loss` and what the validation found.
 */
export const reportedMetrics = ['batchLoss', 'loss', 'val_loss', 'val_accuracy'] as const;
