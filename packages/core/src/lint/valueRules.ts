import type { Finding, FindingCode, Severity } from './finding.ts';
import type { Subject } from './subject.ts';

/** The smallest number above 0 that float32 holds: half of it rounds to 0. */
const float32Least = 2 ** -149;

/** What the values alone tell. */
export function valueFindings(subject: Subject): readonly Finding[] {
  const { hyperparameter } = subject;
  const forgets = ['momentum', 'beta1', 'beta2'].includes(hyperparameter);
  return [
    ...firstThat(
      subject,
      'nonFinite',
      'error',
      (v) => !Number.isFinite(v),
      (v, at) => `${hyperparameter} is not a finite number at ${at}: ${v}`,
    ),
    ...firstThat(
      subject,
      'negative',
      'error',
      (v) => v < 0,
      (v, at) => `${hyperparameter} is negative at ${at}: ${v}`,
    ),
    ...firstThat(
      subject,
      'outOfRange',
      'error',
      (v) => forgets && v >= 1 && v < Infinity,
      (v, at) => `${hyperparameter} must stay below 1; at ${at} it is ${v}`,
    ),
    ...firstUpdateZero(subject),
    ...peakHeldTwice(subject),
    ...firstThat(
      subject,
      'underflow',
      'note',
      (v) => v > 0 && v <= float32Least / 2,
      (_, at) => `from ${at} on ${hyperparameter} is above 0 but too small for float32: the framework sees 0`,
    ),
  ];
}

/** A finding at the first value that passes the test. */
function firstThat(
  { at, values, find, say }: Subject,
  code: FindingCode,
  severity: Severity,
  test: (value: number) => boolean,
  sentence: (value: number, at: string) => string,
): readonly Finding[] {
  const first = values.findIndex(test);
  if (first < 0) return [];
  return [find(code, severity, sentence(values[first]!, say(at[first]!)), at[first])];
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
