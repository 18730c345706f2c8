import { operators } from './arithmetic.ts';
import type { Expression } from './expression.ts';

/** The function of its argument that an expression is: closures, no text is ever run. NaN where Python has no number. */
export function compiled(expression: Expression): (argument: number) => number {
  switch (expression.kind) {
    case 'constant': {
      const { value } = expression;
      return () => value;
    }
    case 'variable':
      return (argument) => argument;
    case 'hole':
      return () => NaN;
    case 'conditional': {
      const [condition, whenTrue, whenFalse] = [
        compiled(expression.condition),
        compiled(expression.whenTrue),
        compiled(expression.whenFalse),
      ];
      return (argument) => chosen(condition(argument), whenTrue, whenFalse, argument);
    }
    case 'call': {
      const { of } = expression;
      const [first, second, ...others] = expression.operands.map(compiled);
      if (second === undefined) return (argument) => of(first!(argument));
      if (others.length === 0) return (argument) => of(first!(argument), second(argument));
      return (argument) => of(first!(argument), second(argument), ...others.map((operand) => operand(argument)));
    }
    case 'operation': {
      const [left, right] = expression.operands.map(compiled) as [(a: number) => number, ((a: number) => number)?];
      const { operator } = expression;
      if (operator === 'not') return (argument) => 1 - truth(left(argument));
      if (right === undefined) return (argument) => -left(argument);
      // As in Python either side is looked at only where it counts, and is what comes out.
      if (operator === 'and') return (argument) => chosen(left(argument), right, left, argument);
      if (operator === 'or') return (argument) => chosen(left(argument), left, right, argument);
      const of = operators[operator];
      return (argument) => of(left(argument), right(argument));
    }
  }
}

/** 1 for what counts as true, 0 for 0. */
const truth = (value: number): number => (Number.isNaN(value) ? NaN : Number(value !== 0));

/** What is looked at is one branch alone; a condition without a value has none. */
function chosen(
  condition: number,
  whenTrue: (argument: number) => number,
  whenFalse: (argument: number) => number,
  argument: number,
): number {
  if (Number.isNaN(condition)) return NaN;
  return condition === 0 ? whenFalse(argument) : whenTrue(argument);
}
