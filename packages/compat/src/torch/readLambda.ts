import {
  constant,
  cosineDecay,
  inverseTimeDecay,
  linear,
  piecewiseConstant,
  polynomialDecay,
  ScheduleError,
  show,
  stepDecay,
  type DescribedSchedule,
} from '@anneal/core';
import { isExact } from '../firstWhole.ts';
import { geometric } from '../geometric.ts';
import { compiled } from '../python/compiled.ts';
import type { Expression } from '../python/expression.ts';
import { matched, type Numbers } from '../python/matched.ts';
import { PythonError } from '../python/pythonError.ts';
import { readLambda as readExpression } from '../python/readLambda.ts';
import { pythonLambda } from './pythonLambda.ts';

/** A function of the step as a schedule, scaled so that the function's 1 is `rate`. */
export type Course = (rate: number) => DescribedSchedule;

/** A form of the text, in which a, c and n stand for numbers, and the schedule that has its values. */
interface Form {
  readonly text: string;
  readonly course: (rate: number, numbers: Numbers) => DescribedSchedule | undefined;
}

/** What core has a schedule for, so that any framework may have it; the rest is a `pythonLambda`. */
const forms: readonly Form[] = [
  { text: 'c', course: (rate, { c }) => constant({ value: rate * c! }) },
  { text: 'c * a ** t', course: (rate, { c, a }) => geometric(rate * c!, a!) },
  { text: 'a ** t', course: (rate, { a }) => geometric(rate, a!) },
  // Python divides before it rounds, core after: 11 // 1.1 is 9. Only a length that has no rounding is the same for both.
  {
    text: 'a ** (t // n)',
    course: (rate, { a, n }) =>
      n! > 0 && isExact(n!) ? stepDecay({ initValue: rate, dropFactor: a!, dropSteps: n! }) : undefined,
  },
  { text: '1 / (1 + c * t)', course: (rate, { c }) => inverseTimeDecay({ initValue: rate, decayRate: c! }) },
  { text: 'min(1, t / n)', course: (rate, { n }) => linear({ initValue: 0, endValue: rate, decaySteps: n! }) },
  {
    text: 'min(1, (t + 1) / n)',
    course: (rate, { n }) =>
      n === 1 ? constant({ value: rate }) : linear({ initValue: rate / n!, endValue: rate, decaySteps: n! - 1 }),
  },
  { text: 'max(0, 1 - t / n)', course: (rate, { n }) => linear({ initValue: rate, decaySteps: n! }) },
  // Past n the power is of a negative number: Python's result is complex then, and PyTorch cannot use it.
  {
    text: '(1 - t / n) ** a',
    course: (rate, { n, a }) =>
      Number.isInteger(a) ? undefined : polynomialDecay({ initValue: rate, decaySteps: n!, power: a! }),
  },
  ...['(1 + math.cos(math.pi * t / n)) / 2', '0.5 * (1 + math.cos(math.pi * t / n))'].map((text): Form => ({
    text,
    course: (rate, { n }) => cosineDecay({ initValue: rate, decaySteps: n!, pastEnd: 'continue' }),
  })),
  ...['(1 + math.cos(math.pi * min(t, n) / n)) / 2', '0.5 * (1 + math.cos(math.pi * min(t, n) / n))'].map(
    (text): Form => ({ text, course: (rate, { n }) => cosineDecay({ initValue: rate, decaySteps: n! }) }),
  ),
  {
    text: 'a if t < n else c',
    course: (rate, { a, n, c }) => piecewiseConstant({ boundaries: [n!], values: [rate * a!, rate * c!] }),
  },
];

const holes = new Set(['a', 'c', 'n']);
const patterns = forms.map(({ text, course }) => ({ form: readExpression(`lambda t: ${text}`, holes), course }));

/**
 * The course of a Python lambda written as text: `"lambda epoch: 0.95 ** epoch"`.
 *
 * What is arithmetic of the one argument is understood (`python/readLambda.ts` says what that is); the text is read and
 * never run.
 *
 * @throws ScheduleError with the place of what is not understood, or where the first factor is none
 */
export function readLambda(name: string, parameter: string, text: unknown, path: string): Course {
  const refuse = (rule: string): never => {
    throw new ScheduleError(
      'function',
      `${path}/${parameter}`,
      `${name}: ${parameter} must be ${rule}; received ${show(text)}`,
      { type: name, parameter, rule, received: text },
    );
  };
  if (typeof text !== 'string') return refuse('the text of a Python lambda');
  let read: Expression;
  try {
    read = readExpression(text);
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    return refuse(`the text of a Python lambda of one argument, of arithmetic alone: ${error.message}`);
  }
  // MultiplicativeLR calls it from step 1 on.
  const at = name === 'MultiplicativeLR' ? 1 : 0;
  const first = compiled(read)(at);
  if (!Number.isFinite(first)) return refuse(`a function that has a value at ${at}, where Python raises`);
  if (first < 0) return refuse(`>= 0 at ${at}, as a negative rate climbs`);
  return (rate) => courseOf(read, rate) ?? pythonLambda({ initValue: rate, lambda: text });
}

/** The schedule of core that has these values. */
function courseOf(read: Expression, rate: number): DescribedSchedule | undefined {
  for (const { form, course } of patterns) {
    const numbers = matched(form, read);
    if (numbers === undefined) continue;
    try {
      const found = course(rate, numbers);
      if (found !== undefined) return found;
    } catch (error) {
      // A negative or endless length: the arithmetic has a value all the same.
      if (!(error instanceof ScheduleError)) throw error;
    }
  }
  return undefined;
}
