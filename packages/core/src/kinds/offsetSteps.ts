import { finite, type Kind } from '../definition/kind.ts';

/**
 * A displacement in steps, either way.
 *
 * @example
 * [-5, Infinity].map(offsetSteps.read); // [-5, undefined]
 */
export const offsetSteps: Kind<number> = {
  kind: 'offsetSteps',
  rule: 'a finite number',
  duration: true,
  read: (value) => finite(value, () => true),
};
