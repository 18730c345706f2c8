import type { Tensor } from '@tensorflow/tfjs-core';
import { broadcast, untaped } from './differentiable.ts';
import { onHost } from './elementwise.ts';
import type { Operator, Tfjs } from './operator.ts';

const compare = (
  op: string,
  host: (a: number, b: number) => boolean,
  device: (tf: Tfjs, a: Tensor, b: Tensor) => Tensor,
): Operator => ({
  op,
  inputs: [],
  host: (c) => onHost(c, (a, b) => Number(host(a, b)), 'bool'),
  device(c) {
    const [a, b] = [c.tensor(0), c.tensor(1)];
    return untaped(c.tf, () => device(c.tf, a, b));
  },
});

/** Comparisons, logic, and the choice by a condition. */
export const logicOperators: readonly Operator[] = [
  compare(
    'Equal',
    (a, b) => a === b,
    (tf, a, b) => tf.equal(a, b),
  ),
  compare(
    'Greater',
    (a, b) => a > b,
    (tf, a, b) => tf.greater(a, b),
  ),
  compare(
    'GreaterOrEqual',
    (a, b) => a >= b,
    (tf, a, b) => tf.greaterEqual(a, b),
  ),
  compare(
    'Less',
    (a, b) => a < b,
    (tf, a, b) => tf.less(a, b),
  ),
  compare(
    'LessOrEqual',
    (a, b) => a <= b,
    (tf, a, b) => tf.lessEqual(a, b),
  ),
  compare(
    'And',
    (a, b) => a !== 0 && b !== 0,
    (tf, a, b) => tf.logicalAnd(a, b),
  ),
  compare(
    'Or',
    (a, b) => a !== 0 || b !== 0,
    (tf, a, b) => tf.logicalOr(a, b),
  ),
  compare(
    'Xor',
    (a, b) => a !== b,
    (tf, a, b) => tf.notEqual(tf.cast(a, 'int32'), tf.cast(b, 'int32')),
  ),
  {
    op: 'Not',
    inputs: [],
    host: (c) => onHost(c, (x) => Number(x === 0), 'bool'),
    device(c) {
      const x = c.tensor(0);
      return untaped(c.tf, () => c.tf.logicalNot(x));
    },
  },
  {
    op: 'IsNaN',
    inputs: [],
    device(c) {
      const x = c.float(0);
      return untaped(c.tf, () => c.tf.isNaN(x));
    },
  },
  {
    op: 'Where',
    inputs: [1, 2],
    host: (c) => onHost(c, (condition, a, b) => (condition === 0 ? b : a), c.type(1)),
    device(c) {
      const all = [0, 1, 2].map((i) => c.tensor(i));
      const [condition, a, b] = broadcast(c.tf, all, (what) => c.refuse(what)) as [Tensor, Tensor, Tensor];
      return { type: c.type(1), tensor: c.tf.where(condition, a, b) };
    },
  },
];
