import { classNameOf, type NamedGradient, type OptimizerLike } from './optimizer.ts';
import { refuse } from './refuse.ts';

/**
 * The names of this update's variables, in their order. Throws if they are not those of the update before, or, at a
 * binding's first update, if the optimizer brought slots of other variables or of these in another order. A name that no
 * slot knows proves nothing, since tfjs-layers numbers the variables of a loaded model anew. Plain SGD has no slots: there
 * variables may come and go.
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
    if (name !== expected[i] && (before || expected.includes(name)) && !hasNoSlots(optimizer))
      refuse(
        'invalid',
        '',
        `bindOptimizer: the variables of ${classNameOf(optimizer)} changed at "${name ?? expected[i]}", but its slots go by place; where layers are frozen or lists take turns, use parameterGroups({ optimizer: () => …, groups: {} }) of @anneal/tfjs/ops, whose slots go by name`,
      );
  }
  return names;
}

/** True for tfjs's SGD; any other may keep something about its variables, wherever it does, so also a class made from it. */
const hasNoSlots = (optimizer: OptimizerLike): boolean =>
  classNameOf(optimizer) === 'SGD' && !Object.values(optimizer).some(Array.isArray);

/**
 * The variables that an optimizer holds slots for, in their order, once for each of its lists of slots. tfjs calls a slot
 * by the variable's name and, after a slash, its own.
 */
function slotNames(optimizer: OptimizerLike): readonly string[] {
  const slots = Object.values(optimizer).flat() as ({ readonly originalName?: string } | null)[];
  return slots.flatMap((slot) => slot?.originalName?.replace(/\/[^/]*$/, '') ?? []);
}
