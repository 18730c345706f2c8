import { TrainerError } from './trainerError.ts';

export function checkCount(option: string, count: number): void {
  if (!(Number.isSafeInteger(count) && count > 0)) {
    throw new TrainerError('argument', option, `it must be a whole number > 0; received ${count}`);
  }
}
