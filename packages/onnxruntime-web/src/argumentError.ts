import type { MakeError } from '@anneal/core/options';
import { TrainerError } from './trainerError.ts';

/** What core's check of options says, as the error of this package: `patience: it must be an integer >= 1; received 0`. */
export const argumentError: MakeError = (_code, _path, message, { type = 'options', parameter = type }) => {
  const sentence = message.replace(`${type}: `, '');
  const about = `${parameter} must`;
  return sentence.startsWith(about)
    ? new TrainerError('argument', parameter, `it must${sentence.slice(about.length)}`)
    : new TrainerError('argument', type, sentence);
};
