// What every schedule of the package must do, over the registry: a new definition is covered the moment it is generated
// into it. The table of stated ends and the table of contradictions are the only places that know single types.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { caught } from './caught.ts';
import { parsePlan, ScheduleError, scheduleDefinitions, type Schedule } from '../src/index.ts';
import {
  agreed,
  create,
  extremeOptionsOf,
  isAccepted,
  isRequired,
  isWitnessed,
  kindOf,
  optionsOf,
  valueOf,
  type Options,
} from './optionArbitraries.ts';
import { contradictions } from './contradictions.ts';
import { statedEnds, type Stated } from './statedEnds.ts';

/** Fewer runs than usual: there is a law for each schedule. */
const expectLaw = <T>(law: fc.IRawProperty<T>): void => fc.assert(law as fc.IProperty<T>, { numRuns: 50 });

const steps = [0, 0.5, 1, 2, 3, 5.25, 7, 10, 19, 20, 21, 33, 47, 59, 60, 61, 100, 150.5, 300, 1e4];
const farSteps = [1e6 + 1, 1e12, 2 ** 53, 1e300, Number.MAX_VALUE];

/** The two that may fall below 0, because the frameworks whose numbers they give do. */
const mayBeNegative = new Set(['oneCycle', 'recurrence']);

const byType = scheduleDefinitions.map((definition) => [definition.type, definition] as const);

describe.each(byType)('%s', (type, definition) => {
  const options = optionsOf(definition);

  test('is finite at every step, and >= 0', () => {
    expectLaw(
      fc.property(options, fc.double({ min: 0, max: 1e6, noNaN: true }), (given, any) => {
        const schedule = create(definition, given);
        for (const step of [...steps, ...farSteps, any]) {
          const value = schedule(step);
          expect(Number.isFinite(value), `${type} at ${step}: ${value}`).toBe(true);
          expect(value >= 0 || mayBeNegative.has(type), `${type} at ${step}: ${value}`).toBe(true);
        }
      }),
    );
  });

  test('is finite with options at the ends of what is allowed, as far as they are taken together', () => {
    expectLaw(
      fc.property(extremeOptionsOf(definition), (given) => {
        let schedule: Schedule;
        try {
          schedule = create(definition, given);
        } catch (error) {
          fc.pre(!(error instanceof ScheduleError));
          throw error;
        }
        for (const step of [0, 1, 2, 10, 999, 1000, 1e4, ...farSteps]) {
          const value = schedule(step);
          expect(Number.isFinite(value), `${type} at ${step}: ${value}`).toBe(true);
        }
      }),
    );
  });

  test('is pure: random access gives what sequential access gives', () => {
    expectLaw(
      fc.property(options, fc.shuffledSubarray(steps), (given, shuffled) => {
        const sequential = sampled(create(definition, given), steps);
        const schedule = create(definition, given);
        for (const step of shuffled) expect(schedule(step)).toBe(sequential[steps.indexOf(step)]);
        expect(sampled(schedule, steps)).toEqual(sequential);
      }),
    );
  });

  test('survives JSON bit for bit', () => {
    expectLaw(
      fc.property(options, (given) => {
        const schedule = create(definition, given);
        const text = JSON.stringify(schedule);
        const parsed = parsePlan(JSON.parse(text)).learningRate;
        expect(JSON.stringify(parsed)).toBe(text);
        const all = [...steps, ...farSteps];
        expect(sampled(parsed as Schedule, all)).toEqual(sampled(schedule, all));
      }),
    );
  });

  test('starts and ends exactly as its docstring states', () => {
    const stated = statedEnds[type];
    if (stated === undefined) throw new Error(`${type}: say in statedEnds.ts what step 0 and the end yield`);
    expectLaw(
      fc.property(options, (given) => {
        const schedule = create(definition, given);
        const value = resolved(definition.params, given);
        const start = stated.start(value);
        expect(start === undefined || isAsStated(schedule(0), start), `start ${schedule(0)}`).toBe(true);
        const end = stated.end?.(value);
        if (end === undefined) return;
        // Exactly there, and held for ever after.
        for (const step of [end.step, end.step + 1, 2 * end.step + 10, end.step + 1e12])
          expect(isAsStated(schedule(step), end.value), `end ${schedule(step)} at ${step}`).toBe(true);
      }),
    );
  });

  test.each(Object.keys(definition.params))('%s changes some output', (name) => {
    const other = valueOf(kindOf(definition.params[name]!));
    const isSeen = isWitnessed(fc.tuple(options, other), ([given, value]) => {
      const changed = agreed(definition, { ...given, [name]: value });
      if (!differsOnlyIn(given, changed, name) || !isAccepted(definition, changed)) return false;
      const [one, two] = [create(definition, given), create(definition, changed)];
      return steps.some((step) => one(step) !== two(step));
    });
    expect(isSeen, `no value of ${name} was seen to change anything`).toBe(true);
  });

  test('refuses every invalid option with a sentence that names it', () => {
    const [valid] = fc.sample(options, { numRuns: 1, seed: 2 });
    for (const [name, param] of Object.entries(definition.params)) {
      const kind = kindOf(param);
      for (const wrong of wrongValues(kind.kind)) {
        const error = caught(() => create(definition, { ...valid, [name]: wrong }));
        expect(error.message).toMatch(`${type}: ${name} must be ${kind.rule}; received `);
        expect(error).toMatchObject({ code: 'invalid', path: `/${name}`, type, parameter: name, rule: kind.rule });
      }
      if (!isRequired(param)) continue;
      const { [name]: _, ...rest } = valid!;
      const error = caught(() => create(definition, rest));
      expect(error.message).toBe(`${type}: ${name} is required: ${kind.rule}`);
      expect(error.code).toBe('required');
    }
    const error = caught(() => create(definition, { ...valid, surplus: 1 }));
    expect(error).toMatchObject({ code: 'unknownKey', parameter: 'surplus', type });
    expect(error.message).toMatch(`${type}: unknown option "surplus"`);
  });
});

describe('options that contradict each other are refused with a sentence that names one of them', () => {
  test.each(contradictions)('%s %o: %s must be %s', (type, given, parameter, rule) => {
    const definition = scheduleDefinitions.find((one) => one.type === type)!;
    const error = caught(() => create(definition, given));
    expect(error).toMatchObject({ code: 'contradiction', path: `/${parameter}`, type, parameter, rule });
    expect(error.message).toMatch(`${type}: ${parameter} must be ${rule}; received `);
  });

  test('every type that has such a rule is in the table', () => {
    const listed = new Set(contradictions.map(([type]) => type));
    const constrained = scheduleDefinitions.filter((definition) => canContradict(definition)).map(({ type }) => type);
    expect(constrained.filter((type) => !listed.has(type))).toEqual([]);
  });
});

/** Whether options that are valid one by one are ever refused together. */
function canContradict(definition: (typeof scheduleDefinitions)[number]): boolean {
  const raw = Object.fromEntries(
    Object.entries(definition.params).map(([name, param]) => [name, valueOf(kindOf(param))]),
  );
  return fc.sample(fc.record(raw), { numRuns: 200, seed: 3 }).some((options) => !isAccepted(definition, options));
}

const sampled = (schedule: Schedule, at: readonly number[]): readonly number[] => at.map((step) => schedule(step));

function isAsStated(actual: number, stated: Stated): boolean {
  return typeof stated === 'number' ? Object.is(actual, stated) : Math.abs(actual - stated.near) <= stated.within;
}

/** The options with all defaults filled in. */
function resolved(params: (typeof scheduleDefinitions)[number]['params'], given: Options): Options {
  const all: Options = {};
  for (const [name, param] of Object.entries(params)) {
    const initial = 'kind' in param ? undefined : param[1];
    all[name] = given[name] ?? (typeof initial === 'function' ? (initial as (o: Options) => unknown)(all) : initial);
  }
  return all;
}

/** True if `changed` has another value for `name` and the same ones for the rest. */
function differsOnlyIn(given: Options, changed: Options, name: string): boolean {
  const others = new Set([...Object.keys(given), ...Object.keys(changed)].filter((key) => key !== name));
  const text = (value: unknown): string => JSON.stringify(value) ?? '';
  return (
    text(given[name]) !== text(changed[name]) && [...others].every((key) => text(given[key]) === text(changed[key]))
  );
}

/** Numbers that miss what their kind allows by as little as can be. */
const justOutside: Readonly<Record<string, readonly number[]>> = {
  steps: [0],
  wholeSteps: [0, 1.5],
  positiveFactor: [0],
  positiveFraction: [0, 1 + Number.EPSILON],
  fraction: [1 + Number.EPSILON],
  properFraction: [1],
  growth: [1 - Number.EPSILON / 2, 1000.1],
  integer: [0, 1.5],
  count: [0.5],
};

function wrongValues(kind: string): readonly unknown[] {
  const never = [null, '', 'no such word', {}, [Number.NaN], Number.NaN, Infinity, -Infinity, true, []];
  if (kind === 'flag') return [null, 'true', 0, {}];
  if (kind === 'text') return [null, '', 0, {}, []];
  if (kind === 'list') return [null, 'a', 0, {}, [Number.NaN], [null]];
  const negative = kind === 'real' || kind === 'offsetSteps' || kind === 'choice' ? [] : [-1, -1e-300];
  return [...never, ...negative, ...(justOutside[kind] ?? [])];
}
