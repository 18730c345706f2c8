// What the docstrings of the definitions state for the laws: `@startValue`, `@endValue`, `@endStep` and `@refuses`.
import { readFileSync } from 'node:fs';
import type { DescribedDefinition } from '../../../scripts/generate/describeDefinitions.ts';
import type { Kind } from '../src/index.ts';
import { kindOf, type AnyDefinition, type Options } from './optionArbitraries.ts';

const file = new URL('../definitions.json', import.meta.url);
const { definitions } = JSON.parse(readFileSync(file, 'utf8')) as { definitions: readonly DescribedDefinition[] };

/** What the docstring of a definition says. */
export function statedOf(type: string): DescribedDefinition {
  const found = definitions.find(({ name }) => name === type);
  if (found === undefined) throw new Error(`${type} is not in definitions.json: run npm run generate`);
  return found;
}

/** A value exactly, or within rounding errors that arithmetic on the way cannot avoid. */
export type Stated = number | { readonly near: number; readonly within: number };

const within = (near: number, error: number): Stated => ({ near, within: error });
/** The whole step at or after a sum of durations that may have been rounded down. */
const after = (sum: number): number => Math.ceil(sum * (1 + 1e-12));

/** What the expressions may use beside the options. */
const words = {
  /** No value is stated for these options. */
  none: undefined,
  within,
  after,
  /** A few roundings of a result of this size: 8 units in the last place, also of the smallest doubles. */
  rounded: (near: number): Stated => within(near, 8 * (Number.EPSILON * Math.abs(near) + Number.MIN_VALUE)),
  /** Where a cycle begins, by adding up lengths; the next whole step, so that roundings do not matter. */
  startOf: (index: number, cycleSteps: number, cycleFactor: number): number => {
    let start = 0;
    for (let i = 0, length = cycleSteps; i < index; i += 1, length *= cycleFactor) start += length;
    return after(start);
  },
};

/** The value of an expression of the options, all of them given, in which every child is a function of the step. */
export function evaluated(expression: string, { params }: AnyDefinition, options: Options): unknown {
  const asFunction = (kind: Kind, value: unknown): unknown => {
    if (Array.isArray(value) && kind.element !== undefined) return value.map((item) => asFunction(kind.element!, item));
    return kind.kind === 'child' && typeof value === 'number' ? (): number => value : value;
  };
  const scope = Object.entries(params).map(
    ([name, param]) => [name, asFunction(kindOf(param), options[name])] as const,
  );
  const named = { ...Object.fromEntries(scope), ...words };
  // Expressions from our own docstrings; evaluating them is the point.
  // oxlint-disable-next-line typescript/no-implied-eval
  return (new Function(...Object.keys(named), `return (${expression});`) as (...values: unknown[]) => unknown)(
    ...Object.values(named),
  );
}
