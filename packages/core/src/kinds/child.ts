import type { Kind } from '../definition/kind.ts';
import { isDefinition } from '../error.ts';
import type { Schedule } from '../schedule.ts';

/**
 * A schedule inside another one; a number stands for a constant.
 *
 * @example
 * child.rule; // 'a schedule or a number >= 0'
 * child.read(0.1)(5); // 0.1
 */
export const child: Kind<Schedule> = {
  kind: 'child',
  rule: 'a schedule or a number >= 0',
  read: (value) => {
    if (typeof value === 'function') return isDefinition(value) ? undefined : (value as Schedule);
    return typeof value === 'number' && value >= 0 && value < Infinity ? () => value : undefined;
  },
};
