import type { Kind } from '../definition/kind.ts';

/**
 * One of a few words.
 *
 * @example
 * choice('min', 'max').rule; // 'one of "min", "max"'
 */
// @__NO_SIDE_EFFECTS__
export function choice<const C extends string>(...choices: readonly C[]): Kind<C> {
  return {
    kind: 'choice',
    rule: `one of ${choices.map((word) => `"${word}"`).join(', ')}`,
    choices,
    read: (value) => choices.find((word) => word === value),
  };
}
