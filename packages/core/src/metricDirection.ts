/** Metrics that Keras knows to be better when lower: names and the short forms that `compile` takes; tfjs adds `ce`. */
const lower: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'loss',
  'bce',
  'binary_crossentropy',
  'categorical_crossentropy',
  'categorical_hinge',
  'ce',
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
const higher: ReadonlySet<string> = /* @__PURE__ */ new Set([
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
 * Whether a metric shall fall or rise, by its name: what mode "auto" of Keras and of the callbacks of TensorFlow.js means.
 * undefined where the name does not tell, as with Keras; then a mode must be given.
 *
 * `val_` in front, `batch` in front (a metric of one update) and the number that Keras gives to a second metric of one
 * name (`auc_1`) do not count; `meanSquaredError` and `MSE` are what tfjs calls `mean_squared_error` and `mse`.
 *
 * @example
 * ['val_loss', 'val_auc', 'batchLoss', 'reward'].map(metricDirection); // ['min', 'max', 'min', undefined]
 */
export function metricDirection(name: string): 'min' | 'max' | undefined {
  const known = name
    .replace(/^val_|^batch(?=[A-Z])/, '')
    .replace(/_\d+$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
  return lower.has(known) ? 'min' : higher.has(known) ? 'max' : undefined;
}
