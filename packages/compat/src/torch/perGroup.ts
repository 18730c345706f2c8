import { refusal, refuse } from '../readArguments.ts';

/** What PyTorch takes a list of, one for each parameter group: of the optimizer, and of a scheduler. */
const ofOptimizer = ['lr', 'momentum'];
const ofScheduler = ['max_lr', 'base_lr', 'base_momentum', 'max_momentum', 'lr_lambda', 'swa_lr', 'min_lr'];

type Given = Readonly<Record<string, unknown>>;

/**
 * A description for each parameter group, in which each list is its element for that group; undefined where there is no
 * list. Throws a ScheduleError where two lists are not of one length.
 */
export function perGroup(description: unknown): readonly unknown[] | undefined {
  const lists = listsOf(description, ofOptimizer, '');
  const [first] = lists;
  if (first === undefined) return undefined;
  const count = first.list.length;
  if (count === 0 || count > maxGroups) {
    const message = `torch: ${first.parameter} must be a list of 1 to ${maxGroups}, one for each parameter group`;
    throw refusal('invalid', message, first.path);
  }
  for (const { name, parameter, path, list } of lists) {
    if (list.length === count) continue;
    const rule = `one for each of the ${count} parameter groups that ${first.parameter} has`;
    throw refuse('contradiction', name, parameter, rule, list, path);
  }
  return Array.from({ length: count }, (_, i) => elementOf(description, ofOptimizer, i));
}

interface Found {
  readonly name: string;
  readonly parameter: string;
  readonly path: string;
  readonly list: readonly unknown[];
}

/** Each of them is a plan of its own. */
const maxGroups = 256;

/** Schedulers nested deeper are refused by name where they are read. */
const maxDepth = 32;

/** The lists of a description, and those of the schedulers inside. */
function listsOf(description: unknown, parameters: readonly string[], path: string, depth = 0): readonly Found[] {
  if (!isObject(description) || depth > maxDepth) return [];
  const { args } = description;
  const name = String(description['name']);
  const own = foundIn('torch', description, parameters, path);
  if (!isObject(args)) return own;
  const inside = Array.isArray(args['schedulers']) ? (args['schedulers'] as readonly unknown[]) : [];
  return [
    ...own,
    ...foundIn(name, args, ofScheduler, `${path}/args`),
    ...inside.flatMap((child, i) => listsOf(child, [], `${path}/args/schedulers/${i}`, depth + 1)),
  ];
}

const foundIn = (name: string, given: Given, parameters: readonly string[], path: string): readonly Found[] =>
  parameters.flatMap((parameter) => {
    const list = given[parameter];
    return Array.isArray(list) ? [{ name, parameter, path, list }] : [];
  });

/** The same description with the element of a group in the place of each list. */
function elementOf(description: unknown, parameters: readonly string[], group: number, depth = 0): unknown {
  if (!isObject(description) || depth > maxDepth) return description;
  const own = picked(description, parameters, group);
  const { args } = description;
  if (!isObject(args)) return own;
  const inside = args['schedulers'];
  const ofArgs = picked(args, ofScheduler, group);
  if (!Array.isArray(inside)) return { ...own, args: ofArgs };
  return { ...own, args: { ...ofArgs, schedulers: inside.map((child) => elementOf(child, [], group, depth + 1)) } };
}

const picked = (given: Given, parameters: readonly string[], group: number): Given =>
  Object.fromEntries(
    Object.entries(given).map(([key, value]): readonly [string, unknown] => [
      key,
      parameters.includes(key) && Array.isArray(value) ? (value as readonly unknown[])[group] : value,
    ]),
  );

const isObject = (value: unknown): value is Given =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
