import type { Kind } from '../definition/kind.ts';

/**
 * Several values of one kind, at least `minLength`.
 *
 * @example
 * list(rate, 2).rule; // 'a list of at least 2, each a number >= 0'
 */
// @__NO_SIDE_EFFECTS__
export function list<V>(element: Kind<V>, minLength = 1): Kind<readonly V[]> {
  return {
    kind: 'list',
    rule: `a list of at least ${minLength}, each ${element.rule}`,
    element,
    minLength,
    read: (value) => {
      if (!Array.isArray(value) || value.length < minLength) return undefined;
      const elements: V[] = [];
      for (const item of value) {
        const read = element.read(item);
        if (read === undefined) return undefined;
        elements.push(read);
      }
      return elements;
    },
  };
}
