import { compiled } from './compiled.ts';
import type { Call, Expression, Operation } from './expression.ts';

/** The numbers that stand where a form has names. */
export type Numbers = Readonly<Record<string, number>>;

/**
 * The numbers with which an expression has a form, or undefined. The two operands of +, *, min and max may stand in either
 * order, and what has one name in the form must be one number.
 */
export function matched(form: Expression, expression: Expression): Numbers | undefined {
  return unified(folded(form), folded(expression), {});
}

function unified(form: Expression, given: Expression, numbers: Numbers): Numbers | undefined {
  switch (form.kind) {
    case 'hole': {
      if (given.kind !== 'constant') return undefined;
      const bound = numbers[form.name];
      if (bound !== undefined) return bound === given.value ? numbers : undefined;
      return { ...numbers, [form.name]: given.value };
    }
    case 'constant':
      return given.kind === 'constant' && given.value === form.value ? numbers : undefined;
    case 'variable':
      return given.kind === 'variable' ? numbers : undefined;
    case 'conditional':
      if (given.kind !== 'conditional') return undefined;
      return allUnified(partsOf(form), partsOf(given), numbers);
    default: {
      if ((given.kind !== 'operation' && given.kind !== 'call') || wordOf(given) !== wordOf(form)) return undefined;
      const found = allUnified(form.operands, given.operands, numbers);
      if (found !== undefined || form.operands.length !== 2 || !commutes.has(wordOf(form))) return found;
      return allUnified(form.operands, given.operands.toReversed(), numbers);
    }
  }
}

function allUnified(forms: readonly Expression[], given: readonly Expression[], numbers: Numbers): Numbers | undefined {
  if (forms.length !== given.length) return undefined;
  let found: Numbers | undefined = numbers;
  for (const [i, form] of forms.entries()) found &&= unified(form, given[i]!, found);
  return found;
}

const commutes = new Set(['+', '*', 'min', 'max']);

const wordOf = (whole: Operation | Call): string => (whole.kind === 'operation' ? whole.operator : whole.name);

const partsOf = ({ condition, whenTrue, whenFalse }: Expression & { kind: 'conditional' }): readonly Expression[] => [
  condition,
  whenTrue,
  whenFalse,
];

/** The expression with each part that is a number as that number, and without float(…), which changes none. */
function folded(expression: Expression): Expression {
  if (expression.kind === 'conditional') {
    const [condition, whenTrue, whenFalse] = partsOf(expression).map(folded) as [Expression, Expression, Expression];
    return { kind: 'conditional', condition, whenTrue, whenFalse };
  }
  if (expression.kind !== 'operation' && expression.kind !== 'call') return expression;
  const operands = expression.operands.map(folded);
  const inner: Expression = { ...expression, operands };
  if (expression.kind === 'call' && expression.name === 'float') return operands[0]!;
  if (operands.some(({ kind }) => kind !== 'constant')) return inner;
  const value = compiled(inner)(0);
  return Number.isFinite(value) ? { kind: 'constant', value } : inner;
}
