import type { Operator } from './expression.ts';

/** Python's operators on numbers. True is 1, False is 0; NaN stands for an exception and for a complex number. */
export const operators: Readonly<Record<Exclude<Operator, 'and' | 'or' | 'not'>, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? NaN : a / b),
  '//': floorDivided,
  '%': remainder,
  '**': power,
  '<': (a, b) => truth(a, b, a < b),
  '<=': (a, b) => truth(a, b, a <= b),
  '>': (a, b) => truth(a, b, a > b),
  '>=': (a, b) => truth(a, b, a >= b),
  '==': (a, b) => truth(a, b, a === b),
  '!=': (a, b) => truth(a, b, a !== b),
};

/** What is compared with an exception is one, too. */
const truth = (a: number, b: number, holds: boolean): number => (Number.isNaN(a + b) ? NaN : Number(holds));

/** What is left has the sign of the divisor. */
function remainder(a: number, b: number): number {
  if (b === 0) return NaN;
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

/** The quotient is taken before it is rounded: 11 // 1.1 is 9, as the double is a little above 1.1. */
function floorDivided(a: number, b: number): number {
  return b === 0 ? NaN : Math.round((a - remainder(a, b)) / b);
}

/** 0 to a negative power is an exception, a negative number to a fraction is complex. */
function power(a: number, b: number): number {
  return Number.isNaN(a) || (a === 0 && b < 0) ? NaN : raised(a ** b);
}

export interface PythonFunction {
  /** How many arguments it takes. */
  readonly takes: readonly [least: number, most: number];
  readonly of: (...operands: readonly number[]) => number;
}

/** What is past the largest double is an exception, too, where it is not the result of + - * or /. */
const raised = (value: number): number => (Number.isFinite(value) ? value : NaN);

const one = (of: (value: number) => number): PythonFunction => ({ takes: [1, 1], of });

/** Functions that Python has without an import. */
const builtins: ReadonlyMap<string, PythonFunction> = new Map<string, PythonFunction>([
  ['min', { takes: [2, Infinity], of: Math.min }],
  ['max', { takes: [2, Infinity], of: Math.max }],
  ['abs', one(Math.abs)],
  ['int', one((value) => raised(Math.trunc(value)))],
  ['float', one((value) => value)],
  ['round', one((value) => raised(rounded(value)))],
  ['pow', { takes: [2, 2], of: (a, b) => power(a, b) }],
]);

/** Functions and numbers of math, numpy and torch, which have the same words there. */
const imported: ReadonlyMap<string, PythonFunction | number> = new Map<string, PythonFunction | number>([
  ['pi', Math.PI],
  ['e', Math.E],
  ['cos', one(Math.cos)],
  ['sin', one(Math.sin)],
  ['tan', one(Math.tan)],
  ['tanh', one(Math.tanh)],
  ['exp', one((value) => raised(Math.exp(value)))],
  ['sqrt', one(Math.sqrt)],
  ['log', { takes: [1, 2], of: (value, base) => logarithm(value) / (base === undefined ? 1 : logarithm(base)) }],
  ['log2', one((value) => (value > 0 ? Math.log2(value) : NaN))],
  ['log10', one((value) => (value > 0 ? Math.log10(value) : NaN))],
  ['log1p', one((value) => (value > -1 ? Math.log1p(value) : NaN))],
  ['floor', one((value) => raised(Math.floor(value)))],
  ['ceil', one((value) => raised(Math.ceil(value)))],
  ['fabs', one(Math.abs)],
  ['pow', { takes: [2, 2], of: (a, b) => power(a, b) }],
  ['minimum', { takes: [2, 2], of: Math.min }],
  ['maximum', { takes: [2, 2], of: Math.max }],
]);

/** What a name stands for, by the last of its words; one with a module is `math.pi`. */
export function named(name: string): PythonFunction | number | undefined {
  if (name === 'True' || name === 'False') return Number(name === 'True');
  const [, module, word] = /^(math|np|numpy|torch)\.(\w+)$/.exec(name) ?? [];
  return module === undefined ? builtins.get(name) : imported.get(word!);
}

/** The functions that a call may name, for the sentence that refuses another. */
export const callable: readonly string[] = [...builtins.keys(), 'those of math'];

function logarithm(value: number): number {
  return value > 0 ? Math.log(value) : NaN;
}

/** Whole numbers are nearest; of two equally near ones the even one is. */
function rounded(value: number): number {
  const low = Math.floor(value);
  return value - low === 0.5 ? low + (low % 2 === 0 ? 0 : 1) : Math.round(value);
}
