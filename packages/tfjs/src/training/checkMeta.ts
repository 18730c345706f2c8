import { refuse } from '../refuse.ts';
import type { TrainingMeta } from './trainingMeta.ts';

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;
const isNumber = (value: unknown): boolean => Number.isFinite(value);
const isListOf = (value: unknown, holds: (item: unknown) => boolean): value is readonly unknown[] =>
  Array.isArray(value) && value.every((item) => holds(item));
const isRecordOf = (value: unknown, holds: (item: unknown) => boolean): value is JsonObject =>
  isObject(value) && Object.values(value).every((item) => holds(item));

function demand(holds: boolean, path: string, rule: string): void {
  if (!holds) refuse('state', path, `loadTraining: what was saved is damaged: ${path} must be ${rule}`);
}

/**
 * Throws a `ScheduleError` unless plain data has the form of a saved training, whatever else it is. What it means for the
 * training at hand is compared later; the schedule's own state is checked by core, that of a hook by the hook.
 */
export function checkMeta(value: unknown): asserts value is TrainingMeta {
  if (!isObject(value)) refuse('state', '', 'loadTraining: what is stored there is not a training');
  const { version, variables, optimizer, binding, hooks, parts } = value;
  if (version !== 1) refuse('state', '/version', `loadTraining: the version must be 1; received ${String(version)}`);
  for (const part of [variables, optimizer, binding, hooks, parts])
    if (part === undefined) refuse('state', '', 'loadTraining: what is stored there is not a training');
  const isVariable = (item: unknown): boolean =>
    isObject(item) && isText(item['name']) && isListOf(item['shape'], isCount);
  demand(isListOf(variables, isVariable), '/variables', 'a list of names and shapes');
  demand(isListOf(hooks, isText), '/hooks', 'a list of names');
  demand(isObject(parts), '/parts', 'an object');
  checkSlotsMeta(optimizer, '/optimizer');
  checkBinding(binding, (hooks as readonly unknown[]).length, (optimizer as JsonObject)['cohorts']);
}

function checkBinding(binding: unknown, hooks: number, cohorts: unknown): void {
  demand(isObject(binding) && binding['version'] === 1, '/binding', 'the state of a binding, version 1');
  const { hooks: states, target } = binding as JsonObject;
  demand(Array.isArray(states) && states.length === hooks, '/binding/hooks', 'a list of one state for each hook');
  // The running products of scheduled βs: of the optimizer, or of each of those that parameter groups are made of.
  const products = Array.isArray(cohorts) ? target : [target];
  const isProduct = (item: unknown): boolean => isNumber(item) && (item as number) >= 0 && (item as number) <= 1;
  demand(
    isListOf(products, (item) => isRecordOf(item, isProduct)) &&
      products.length === (Array.isArray(cohorts) ? cohorts.length : 1),
    '/binding/target',
    'numbers from 0 to 1',
  );
}

/** What an optimizer remembers beside tensors: that of one class of tfjs, or those of parameter groups. */
function checkSlotsMeta(value: unknown, path: string): void {
  demand(isObject(value) && isText(value['className']), path, 'the description of an optimizer');
  const { iterations, config, lists, cohorts } = value as JsonObject;
  demand(isCount(iterations), `${path}/iterations`, 'an integer >= 0');
  if (cohorts === undefined) {
    demand(isObject(config), `${path}/config`, 'an object');
    for (const name of ['learningRate', 'momentum', 'beta1', 'beta2']) {
      const number = (config as JsonObject)[name];
      demand(number === undefined || isNumber(number), `${path}/config/${name}`, 'a number');
    }
    demand(
      isRecordOf(lists, (list) => isListOf(list, isText)),
      `${path}/lists`,
      'lists of names',
    );
    return;
  }
  demand(Array.isArray(cohorts), `${path}/cohorts`, 'a list');
  (cohorts as readonly unknown[]).forEach((cohort, i) => {
    const at = `${path}/cohorts/${i}`;
    demand(isObject(cohort) && isListOf(cohort['names'], isText), at, 'the names of variables and their slots');
    const { group, slots } = cohort as JsonObject;
    demand(group === null || isText(group), `${at}/group`, 'a name or null');
    checkSlotsMeta(slots, `${at}/slots`);
    demand((slots as JsonObject)['cohorts'] === undefined, `${at}/slots`, 'those of one optimizer');
  });
}
