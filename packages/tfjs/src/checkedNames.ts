import { classNameOf, type NamedGradient, type OptimizerLike } from './optimizer.ts';
import { refuse } from './refuse.ts';

/**
 * The names of this update's variables, in their order. Throws if they are not those of the update before, or, at a
 * binding's first update, if the optimizer brought slots of other variables or of these in another order. A name that no
 * slot knows proves nothing, since tfjs-layers numbers the variables of a loaded model anew.
 */
export function checkedNames(
  before: readonly string[] | undefined,
  list: readonly NamedGradient[],
  optimizer: OptimizerLike,
): readonly string[] {
  const names = list.map(({ name }) => name);
  const expected = before ?? slotNames(optimizer);
  for (let i = 0; i < Math.max(expected.length, names.length); i++) {
    const name = names[i]!;
    if (name !== expected[i] && (before || expected.includes(name)))
      refuse(
        'invalid',
        '',
        `bindOptimizer: the variables of ${classNameOf(optimizer)} changed at "${name ?? expected[i]}", but slots go by place; see parameterGroups of @anneal/tfjs/ops`,
      );
  }
  return names;
}

/**
 * The variables that an optimizer holds slots for, in their order, once for each of its lists of slots. tfjs calls a slot
 * by the variable's name and, after a slash, its own.
 */
function slotNames(optimizer: OptimizerLike): readonly string[] {
  const slots = Object.values(optimizer).flat() as ({ readonly originalName?: string } | null)[];
  return slots.flatMap((slot) => slot?.originalName?.replace(/\/[^/]*$/, '') ?? []);
}
