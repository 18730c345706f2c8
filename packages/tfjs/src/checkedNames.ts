import type { NamedGradient } from './optimizer.ts';
import { refuse } from './refuse.ts';

/** The names of this update's variables; throws if they are not those of the update before, in the same order. */
export function checkedNames(
  before: readonly string[] | undefined,
  list: readonly NamedGradient[],
  className: string,
): readonly string[] {
  if (before === undefined) return list.map(({ name }) => name);
  for (let i = 0; i < Math.max(before.length, list.length); i++) {
    const name = list[i]?.name;
    if (name !== before[i])
      refuse(
        'invalid',
        '',
        `applyGradients: the variables of ${className} changed at "${name ?? before[i]}"; its slots go by position, those of parameterGroups of @anneal/tfjs/ops by name`,
      );
  }
  return before;
}
