import { zeros } from '../../graph/arithmetic.ts';
import type { GradientContext, GradientRule } from '../gradientRule.ts';

/**
 * Updates written into, or added to, a copy of the data at places that indices name; `gather` reads those places. With reduction
 * "none" the gradient of the data is 0 where it was overwritten.
 */
const scatter = (op: string, gather: string, attributes: readonly string[]): GradientRule => ({
  op,
  attributes: [...attributes, 'reduction'],
  inputs: [0, 2],
  gradient(c, dy) {
    const reduction = c.text('reduction', 'none');
    if (reduction !== 'none' && reduction !== 'add') c.refuse(`reduction "${reduction}"`);
    const [indices, updates] = [c.input(1), c.input(2)];
    const where = axis(c, attributes);
    return [
      c.needs(0) && (reduction === 'add' ? dy : c.op(op, [dy, indices, zeros(c, c.dims(updates))], where)),
      undefined,
      c.needs(2) && c.op(gather, [dy, indices], where),
    ];
  },
});

const axis = (c: GradientContext, attributes: readonly string[]): Record<string, number> =>
  attributes.includes('axis') ? { axis: c.int('axis', 0) } : {};

/** Reads from, and writes to, places that indices name. */
export const scatterRules: readonly GradientRule[] = [
  scatter('ScatterElements', 'GatherElements', ['axis']),
  scatter('ScatterND', 'GatherND', []),
  {
    op: 'GatherND',
    attributes: ['batch_dims'],
    inputs: [0],
    gradient(c, dy) {
      if (c.int('batch_dims', 0) !== 0) c.refuse('batch_dims');
      return [c.op('ScatterND', [zeros(c, c.dims(c.input(0))), c.input(1), dy], { reduction: 'add' })];
    },
  },
];
