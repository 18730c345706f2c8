/**
 * The name of a metric of one update where that of an epoch is `name`: the loss of a batch is not the mean over an epoch,
 * and a controller that waits for three reports must not be told both as one.
 *
 * @example
 * batchMetric('loss'); // 'batchLoss'
 */
export const batchMetric = (name: string): string => `batch${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/**
 * Whether a metric of this name is reported after every update. Names that begin with `batch` are, and `gradientNorm`; all
 * others are those of an epoch, as Keras writes them: `loss`, `val_loss`, `val_accuracy`.
 *
 * @example
 * ['batchLoss', 'gradientNorm', 'loss', 'val_loss'].map(isPerUpdate); // [true, true, false, false]
 */
export const isPerUpdate = (name: string): boolean => name === 'gradientNorm' || /^batch[^a-z]/.test(name);
