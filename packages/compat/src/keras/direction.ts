/** Metrics that Keras knows to be better when lower: names and the short forms that `compile` takes. */
const lower = new Set([
  'loss',
  'bce',
  'binary_crossentropy',
  'categorical_crossentropy',
  'categorical_hinge',
  'hinge',
  'kl_divergence',
  'logcosh',
  'mae',
  'mape',
  'mean_absolute_error',
  'mean_absolute_percentage_error',
  'mean_squared_error',
  'mean_squared_logarithmic_error',
  'mse',
  'msle',
  'poisson',
  'root_mean_squared_error',
  'sparse_categorical_crossentropy',
  'squared_hinge',
]);

/** Metrics that Keras knows to be better when higher. */
const higher = new Set([
  'acc',
  'accuracy',
  'auc',
  'binary_accuracy',
  'binary_io_u',
  'categorical_accuracy',
  'concordance_correlation',
  'cosine_similarity',
  'f1_score',
  'fbeta_score',
  'io_u',
  'mean_io_u',
  'one_hot_io_u',
  'one_hot_mean_io_u',
  'pearson_correlation',
  'precision',
  'precision_at_recall',
  'r2_score',
  'recall',
  'recall_at_precision',
  'sensitivity_at_specificity',
  'sparse_categorical_accuracy',
  'sparse_top_k_categorical_accuracy',
  'specificity_at_sensitivity',
  'top_k_categorical_accuracy',
]);

/**
 * What Keras' mode "auto" finds for a metric by its name, `val_` apart; undefined where Keras cannot tell.
 *
 * Keras asks the metric object of the model; here only the name is known, so a metric of another name needs a mode.
 */
export function directionOf(monitor: string): 'min' | 'max' | undefined {
  const name = monitor.replace(/^val_/, '');
  return lower.has(name) ? 'min' : higher.has(name) ? 'max' : undefined;
}
