import { check, checkKeys, nearest } from '@anneal/core/options';
import { bindings, isObject, isPlain, rule } from '../checkArguments.ts';
import type { Resumable, Training } from './makeup.ts';

const known = ['weights', 'binding', 'parts'];

const isVariable = (value: unknown): boolean => isObject(value) && 'assign' in value;
const isPart = (value: Partial<Resumable> | null): boolean =>
  typeof value?.state === 'function' && typeof value.restore === 'function';

const models = rule<Training['weights']>(
  'a model of tfjs-layers or a list of variables, as in { weights: model, binding }',
  (value) => (Array.isArray(value) ? value.every(isVariable) : isObject(value) && 'weights' in value),
);
const parts = rule<Training['parts']>(
  'an object of parts, each with state() and restore(state)',
  (value) => isPlain(value) && Object.values(value!).every(isPart),
);

/**
 * Refuses what is no training: a model alone, a binding that is none. An object of one's own may hold more, but nothing that
 * is only spelt otherwise, and would be left out in silence.
 */
export function checkTraining(training: Training): void {
  const subject = 'training';
  const given = Object(training) as Partial<Training>;
  check(subject, 'weights', models, given.weights);
  check(subject, 'binding', bindings, given.binding);
  if (given.parts !== undefined) check(subject, 'parts', parts, given.parts);
  const misspelt = Object.entries(given).filter(([key]) => !known.includes(key) && nearest(key, known).length > 0);
  checkKeys(subject, known, Object.fromEntries(misspelt));
}
