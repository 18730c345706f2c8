import type { GradientContext, GradientRule } from './gradientRule.ts';
import { unbroadcast } from './unbroadcast.ts';

/** A rule for y = f(x), element by element. */
export const unaryRule = (
  op: string,
  gradient: (c: GradientContext, dy: string, x: string, y: string) => string,
  attributes: readonly string[] = [],
): GradientRule => ({ op, attributes, inputs: [0], gradient: (c, dy) => [gradient(c, dy, c.input(0), c.output())] });

/** A rule for an operator of several inputs that are broadcast against each other: one function per input, before broadcasting is undone. */
export const broadcastRule = (
  op: string,
  inputs: readonly number[],
  partials: (c: GradientContext, dy: string) => readonly (() => string)[],
  attributes: readonly string[] = [],
): GradientRule => ({
  op,
  attributes,
  inputs,
  gradient: (c, dy) => {
    const results: (string | undefined)[] = [];
    partials(c, dy).forEach((partial, i) => {
      const input = inputs[i] as number;
      if (c.needs(input)) results[input] = unbroadcast(c, partial(), c.dims(c.output()), c.dims(c.input(input)));
    });
    return results;
  },
});
