import { positiveFactor, type Rule } from '@anneal/core/options';

/** A number > 0 given as it is, not in an object; `example` is a call that does so. */
export const positive = (example: string): Rule<number> => ({
  rule: `${positiveFactor.rule}, as in ${example}`,
  read: (value) => positiveFactor.read(value),
});
