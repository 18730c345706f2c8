import { checkKeys } from '@anneal/core/options';
import { OnnxError } from './onnxError.ts';

const rates = new Set(['lr', 'learningRate', 'learning_rate', 'learning-rate']);

/**
 * Refuses options that are no object, and the first that is not known, with the name that is meant.
 *
 * @throws OnnxError `argument`
 */
export function checkOptionNames(subject: string, known: readonly string[], options: unknown): void {
  checkKeys(subject, known, options, (_code, _path, message, { parameter = '' }) => {
    const advice = rates.has(parameter)
      ? '; the plan gives the rate: createTrainer(ort, model, { plan: 1e-3, … })'
      : '';
    return new OnnxError('argument', subject, message.replace(`${subject}: `, '') + advice);
  });
}
