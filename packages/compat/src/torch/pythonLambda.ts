import {
  constant,
  cosineDecay,
  exponentialDecay,
  inverseTimeDecay,
  linear,
  ScheduleError,
  show,
  stepDecay,
  type DescribedSchedule,
} from '@anneal/core';

/** A function of the step as a schedule, scaled so that the function's 1 is `rate`. */
export type Course = (rate: number) => DescribedSchedule;

/** One text form: NUM stands for a Python number, V for the lambda's own variable. */
interface Form {
  readonly text: string;
  readonly course: (rate: number, numbers: readonly number[]) => DescribedSchedule;
}

const forms: readonly Form[] = [
  { text: 'NUM', course: (rate, [c]) => constant({ value: rate * c! }) },
  {
    text: 'NUM * NUM ** V',
    course: (rate, [c, g]) => geometric(rate * c!, g!),
  },
  { text: 'NUM ** V', course: (rate, [c]) => geometric(rate, c!) },
  {
    text: 'NUM ** (V // NUM)',
    course: (rate, [c, n]) => stepDecay({ initValue: rate, dropFactor: c!, dropSteps: n! }),
  },
  {
    text: '1 / (1 + NUM * V)',
    course: (rate, [k]) => inverseTimeDecay({ initValue: rate, decayRate: k! }),
  },
  {
    text: 'min(1, V / NUM)',
    course: (rate, [n]) => linear({ initValue: 0, endValue: rate, decaySteps: n! }),
  },
  {
    text: 'min(1, (V + 1) / NUM)',
    course: (rate, [n]) =>
      n === 1 ? constant({ value: rate }) : linear({ initValue: rate / n!, endValue: rate, decaySteps: n! - 1 }),
  },
  { text: 'max(0, 1 - V / NUM)', course: (rate, [n]) => linear({ initValue: rate, decaySteps: n! }) },
  {
    text: '(1 + math.cos(math.pi * V / NUM)) / 2',
    course: (rate, [n]) => cosineDecay({ initValue: rate, decaySteps: n!, pastEnd: 'continue' }),
  },
  {
    text: '(1 + math.cos(math.pi * min(V, NUM) / NUM)) / 2',
    course: (rate, [n]) => cosineDecay({ initValue: rate, decaySteps: n! }),
  },
];

const patterns = forms.map(({ text, course }) => {
  const number = String.raw`(\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)`;
  const escaped = compact(text).replace(/[()*+/.]/g, String.raw`\$&`);
  // "1" and "0" of a form also match 1.0 and 0.0
  const source = escaped.replace(/(?<![\w.])([01])(?![\w.])/g, String.raw`$1(?:\.0*)?`).replaceAll('NUM', number);
  return { source, course };
});

/**
 * The course of a Python lambda written as text: `"lambda epoch: 0.95 ** epoch"`.
 *
 * A closed set of forms is understood, those that PyTorch's documentation and tutorials use; any variable name and any
 * spacing will do. Everything else is refused: the text is never evaluated.
 *
 * @throws ScheduleError that lists the forms
 */
export function readLambda(name: string, parameter: string, text: unknown, path: string): Course {
  const [, variable, body] = (typeof text === 'string' && /^\s*lambda\s+([A-Za-z_]\w*)\s*:(.*)$/.exec(text)) || [];
  if (variable !== undefined && body !== undefined) {
    for (const { source, course } of patterns) {
      const found = new RegExp(`^${source.replaceAll('V', variable)}$`).exec(compact(body));
      if (found === null) continue;
      const numbers = found.slice(1).map(Number);
      // min(v, n) / n: both numbers are the same one
      if (source.includes('min') && source.includes('cos') && numbers[0] !== numbers[1]) continue;
      return (rate) => course(rate, numbers);
    }
  }
  const known = forms.map((form) => `"lambda epoch: ${form.text.replaceAll('V', 'epoch').replaceAll('NUM', 'c')}"`);
  const rule = `the text of a Python lambda in one of the forms ${known.join(', ')}`;
  throw new ScheduleError(`${name}: ${parameter} must be ${rule}; received ${show(text)}`, {
    code: 'function',
    path: `${path}/${parameter}`,
    type: name,
    parameter,
    rule,
    received: text,
  });
}

/** rate·gamma^t; a gamma of 0 keeps the first value and then is 0. */
export function geometric(rate: number, gamma: number): DescribedSchedule {
  return gamma === 0
    ? stepDecay({ initValue: rate, dropFactor: 0, dropSteps: 1 })
    : exponentialDecay({ initValue: rate, gamma });
}

function compact(text: string): string {
  return text.replace(/\s+/g, '');
}
