import type { Finding } from './finding.ts';
import type { Subject } from './subject.ts';

/** The smallest number above 0 that float32 holds: half of it rounds to 0. */
const float32Least = 2 ** -149;

/** What the values alone tell. */
export function valueFindings(subject: Subject): readonly Finding[] {
  return [
    ...firstThat(subject, 'nonFinite', (v) => !Number.isFinite(v), 'is not a finite number'),
    ...firstThat(subject, 'negative', (v) => v < 0, 'is negative'),
    ...outOfRange(subject),
    ...firstUpdateZero(subject),
    ...peakHeldTwice(subject),
    ...underflow(subject),
  ];
}

function firstThat(
  { hyperparameter, at, values, find, say }: Subject,
  code: 'nonFinite' | 'negative',
  test: (value: number) => boolean,
  what: string,
): readonly Finding[] {
  const first = values.findIndex(test);
  if (first < 0) return [];
  const [step, value] = [at[first]!, values[first]!];
  return [find(code, 'error', `${hyperparameter} ${what} at ${say(step)}: ${value}`, step)];
}

function outOfRange({ hyperparameter, at, values, find, say }: Subject): readonly Finding[] {
  if (!['momentum', 'beta1', 'beta2'].includes(hyperparameter)) return [];
  const first = values.findIndex((value) => value >= 1 && value < Infinity);
  if (first < 0) return [];
  const message = `${hyperparameter} must stay below 1; at ${say(at[first]!)} it is ${values[first]}`;
  return [find('outOfRange', 'error', message, at[first])];
}

function firstUpdateZero({ hyperparameter, peak, values, find }: Subject): readonly Finding[] {
  if (hyperparameter !== 'learningRate' || values[0] !== 0 || peak === 0) return [];
  return [
    find('firstUpdateZero', 'warning', 'the first update has a learning rate of 0 and is wasted: start above 0', 0),
  ];
}

/** A strict rise, the highest value at two steps and between them, a strict fall: a warm-up that hands over one step late. */
function peakHeldTwice({ hyperparameter, schedule, at, values, peak, find, say }: Subject): readonly Finding[] {
  const i = values.indexOf(peak);
  const [before, top, next, after] = [values[i - 1], values[i], values[i + 1], values[i + 2]];
  if (hyperparameter !== 'learningRate' || before === undefined || after === undefined) return [];
  const rises = before < top! && (i < 2 || values[i - 2]! < before);
  if (!rises || next !== top || after >= top! || schedule(at[i]! + 0.5) !== top) return [];
  const message = `the highest rate is used at ${say(at[i]!)} and again at the next one: the warm-up reaches it one step early`;
  return [find('peakHeldTwice', 'warning', message, at[i])];
}

function underflow({ hyperparameter, at, values, find, say }: Subject): readonly Finding[] {
  const first = values.findIndex((value) => value > 0 && value <= float32Least / 2);
  if (first < 0) return [];
  const message = `from ${say(at[first]!)} on ${hyperparameter} is above 0 but too small for float32: the framework sees 0`;
  return [find('underflow', 'note', message, at[first])];
}
