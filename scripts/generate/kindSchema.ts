import type { Kind } from '../../packages/core/src/definition/kind.ts';

/** A JSON Schema, as far as this generator writes one. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Numbers between which every bound that a kind may have lies. */
const tiny = Number.MIN_VALUE;
const eps = Number.EPSILON;
const fractions = [
  -1e300,
  -2.5,
  -1,
  -0.5,
  -tiny,
  0,
  tiny,
  0.5,
  1 - eps,
  1,
  1 + eps,
  1.5,
  2,
  2 + 2 * eps,
  3,
  1e15,
  1e300,
];
const wholes = [-1e15, -1000, -2, -1, 0, 1, 2, 3, 1000, 1e15];
const text = 'x';

/**
 * The JSON Schema of what a kind reads, found by asking it: the kind's own `read` is the only place where its rule is
 * written down. Throws if no schema of this form says the same as `read` on every value asked.
 *
 * `child` is the schema of a schedule inside another.
 */
export function kindSchema(kind: Kind, child: JsonSchema): JsonSchema {
  if (kind.element !== undefined) {
    return {
      type: 'array',
      items: kindSchema(kind.element, child),
      ...(kind.minLength !== undefined && kind.minLength > 0 && { minItems: kind.minLength }),
    };
  }
  if (kind.kind === 'child') return child;
  if (kind.choices !== undefined) return { enum: kind.choices };

  const reads = (value: unknown): boolean => kind.read(value) !== undefined;
  const options: JsonSchema[] = [];
  if (reads(true) && reads(false)) options.push({ type: 'boolean' });
  if (reads(text)) options.push({ type: 'string', ...(!reads('') && { minLength: 1 }) });
  if ([...fractions, ...wholes].some(reads)) options.push(numberSchema(kind, reads));
  if (kind.duration === true) options.push(durationText(kind));
  const [only, ...others] = options;
  if (only === undefined)
    throw new Error(`kind ${kind.kind}: reads no boolean, text or number; say how in kindSchema.ts`);
  return others.length === 0 ? only : { anyOf: options };
}

function numberSchema(kind: Kind, reads: (value: number) => boolean): JsonSchema {
  const whole = !fractions.some((value) => !Number.isInteger(value) && reads(value));
  const grid = whole ? wholes : fractions;
  const first = grid.findIndex(reads);
  const last = grid.findLastIndex(reads);
  const schema: JsonSchema = {
    type: whole ? 'integer' : 'number',
    ...(first > 0 && bound('inimum', reads, grid[first]!, grid[first - 1]!, whole)),
    ...(last < grid.length - 1 && bound('aximum', reads, grid[last]!, grid[last + 1]!, whole)),
  };
  for (const value of [...fractions, ...wholes]) {
    if (reads(value) !== allows(schema, value)) {
      throw new Error(
        `kind ${kind.kind}: "${kind.rule}" has no schema: ${value} is ${reads(value) ? 'read' : 'refused'}`,
      );
    }
  }
  return schema;
}

/** The bound between a number that is read and one that is refused, found by halving: the shorter of the two at it. */
function bound(
  extreme: 'inimum' | 'aximum',
  reads: (value: number) => boolean,
  read: number,
  refused: number,
  whole: boolean,
): JsonSchema {
  let [inside, outside] = [read, refused];
  for (;;) {
    const middle = whole ? Math.round((inside + outside) / 2) : (inside + outside) / 2;
    if (middle === inside || middle === outside) break;
    if (reads(middle)) inside = middle;
    else outside = middle;
  }
  return whole || String(inside).length <= String(outside).length
    ? { [`m${extreme}`]: inside }
    : { [`exclusiveM${extreme}`]: outside };
}

/** Whether a number schema of this file admits a value. */
function allows(schema: JsonSchema, value: number): boolean {
  const at = (keyword: string, absent: number): number => (schema[keyword] as number | undefined) ?? absent;
  return (
    (schema['type'] === 'number' || Number.isInteger(value)) &&
    value >= at('minimum', -Infinity) &&
    value > at('exclusiveMinimum', -Infinity) &&
    value <= at('maximum', Infinity) &&
    value < at('exclusiveMaximum', Infinity)
  );
}

/** `"5ep"` and `"10%"`; where a duration must be > 0, one digit at least is not 0. */
export function durationText(kind: Pick<Kind, 'read' | 'whole'>): JsonSchema {
  const positive = kind.read(0) === undefined && kind.whole !== true;
  return { type: 'string', pattern: `^${positive ? '(?=.*[1-9])' : ''}\\d{1,15}(\\.\\d{1,15})?(ep|%)$` };
}
