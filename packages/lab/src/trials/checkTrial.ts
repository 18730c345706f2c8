import { checkOptions, type OptionTable, type Rule } from '@anneal/core/options';
import { LabError } from '../labError.ts';
import type { Trial } from './trial.ts';

/** Only whether it holds is wanted: null, too, is a value here. */
const kind = (rule: string, test: (value: unknown) => boolean): Rule => ({
  rule,
  read: (value) => (test(value) ? true : undefined),
});
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;
const text = kind('a text', (value) => typeof value === 'string' && value !== '');
const count = kind('an integer >= 1', isCount);
const oneOf = (...words: string[]): Rule =>
  kind(words.map((word) => `"${word}"`).join(' or '), (v) => words.includes(v as string));

const isBudget = (value: unknown): boolean =>
  isObject(value) && Object.keys(value).length === 1 && (isCount(value['epochs']) || isCount(value['updates']));
const isPattern = (value: unknown): boolean => {
  if (typeof value !== 'string') return false;
  try {
    return new RegExp(value) instanceof RegExp;
  } catch {
    return false;
  }
};

/** What may stand in a trial. What is optional has no default here: the canonical form leaves it out. */
const params: OptionTable<Trial> = {
  label: text,
  task: text,
  backend: text,
  optimizer: kind('an object with a name', (value) => isObject(value) && typeof value['name'] === 'string'),
  schedule: kind('a schedule or a plan, as an object', isObject),
  groups: [
    kind('regular expressions by group', (value) => isObject(value) && Object.values(value).every(isPattern)),
    undefined,
  ],
  batchSize: count,
  seed: kind(
    'an integer from 0 to 4294967295',
    (v) => Number.isInteger(v) && (v as number) >= 0 && (v as number) < 2 ** 32,
  ),
  budget: kind('{ epochs } or { updates }, an integer >= 1', isBudget),
  patience: kind('an integer >= 1 or null', (value) => value === null || isCount(value)),
  validateEvery: [
    kind('a whole number of updates > 0, or such as "1ep" or "10%"', (v) => typeof v === 'string' || isCount(v)),
    undefined,
  ],
  keep: [oneOf('best', 'last'), undefined],
  average: [kind('an object', isObject), undefined],
  accumulate: [count, undefined],
  onDivergence: [oneOf('stop', 'rollback'), undefined],
  from: [
    kind(
      'an object with trial and step',
      (v) => isObject(v) && typeof v['trial'] === 'string' && Number.isInteger(v['step']),
    ),
    undefined,
  ],
  data: [text, undefined],
};

/** Throws a {@link LabError} that names the first key of a trial that is unknown, missing or breaks its rule. */
export function checkTrial(trial: Trial): void {
  checkOptions('trial', params, trial, (_code, _path, message) => new LabError('invalid', message));
}
