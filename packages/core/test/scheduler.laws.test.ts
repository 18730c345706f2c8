// What a scheduler must do under any plan, any metrics and any interruption.
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cosineDecay,
  createScheduler,
  exponentialDecay,
  greedy,
  linear,
  parsePlan,
  planToJSON,
  reduceOnPlateau,
  ScheduleError,
  sequence,
  spikeGuard,
  stepDecay,
  warmup,
  type Controller,
  type ControllerUse,
  type GroupTracks,
  type Plan,
  type Schedule,
  type Scheduler,
  type SchedulerState,
  type StepValues,
  type Track,
} from '../src/index.ts';

const length = 40;
const steps = fc.integer({ min: 1, max: length });

const schedule: fc.Arbitrary<Schedule | number> = fc.oneof(
  fc.constantFrom(0.1, 0),
  steps.map((decaySteps) => cosineDecay({ initValue: 0.1, endValue: 0.01, decaySteps })),
  steps.map((dropSteps) => stepDecay({ initValue: 0.3, dropSteps })),
  fc
    .tuple(steps, steps)
    .map(([warmupSteps, decaySteps]) => warmup({ warmupSteps, schedule: linear({ initValue: 1, decaySteps }) })),
  steps.map((at) =>
    sequence({ schedules: [exponentialDecay({ initValue: 0.2, gamma: 0.9 }), 0.05], boundaries: [at] }),
  ),
);

const controller: fc.Arbitrary<Controller> = fc.oneof(
  fc
    .record({ patience: fc.nat(3), cooldown: fc.nat(3), mode: fc.constantFrom('min' as const, 'max' as const) })
    .map(reduceOnPlateau),
  fc
    .record({ patience: fc.nat(3), minValue: fc.constantFrom(0, 0.01) })
    .map((options) => reduceOnPlateau({ ...options, monitor: 'accuracy' })),
  fc.constantFrom(
    greedy({ patience: 1, window: 2, rest: 1 }),
    spikeGuard({ minReports: 2, window: 4, threshold: 1, waitSteps: 2, rewarmSteps: 5 }),
  ),
);

const use: fc.Arbitrary<ControllerUse> = fc
  .record({ use: controller, from: fc.nat(length), lasts: fc.option(steps, { nil: undefined }) })
  .map(({ use, from, lasts }) => ({ use, from, ...(lasts !== undefined && { until: from + lasts }) }));

const track: fc.Arbitrary<Schedule | number | Track> = fc.oneof(
  schedule,
  fc.record({ schedule, controllers: fc.dictionary(fc.constantFrom('a', 'b', 'c/d~e'), use, { maxKeys: 2 }) }),
);

const tracks = fc.record({ momentum: track, beta1: track, weightDecay: track }, { requiredKeys: [] });
const group: fc.Arbitrary<GroupTracks> = fc
  .tuple(tracks, fc.option(track, { nil: undefined }), fc.nat(length))
  .map(([own, learningRate, from]) => ({ ...own, ...(learningRate !== undefined && { learningRate }), from }));
const plan: fc.Arbitrary<Plan> = fc
  .tuple(track, tracks, fc.option(fc.dictionary(fc.constantFrom('head', 'body/1', '0'), group), { nil: undefined }))
  .map(([learningRate, own, groups]) => ({ learningRate, ...own, ...(groups !== undefined && { groups }) }));

const metric = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -2, max: 5, noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity, 1, 1, 1) },
);
/** What happens after one update. */
const event = fc.record({
  metrics: fc.option(fc.record({ loss: metric, accuracy: metric }, { requiredKeys: [] })),
  anneals: fc.integer({ min: 0, max: 25 }).map((n) => n === 0),
});
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;
const history = fc.array(event, { minLength: 1, maxLength: length });

/** One update and what follows it; the values that the next update uses. */
function live(scheduler: Scheduler, { metrics, anneals }: Event): StepValues {
  scheduler.advance();
  if (metrics !== null) scheduler.report(metrics);
  if (anneals) scheduler.anneal({ steps: 7, endFactor: 0.1, shape: 'cosine' });
  return scheduler.values();
}

const copied = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('a scheduler', () => {
  test('killed after any update and restored from its JSON goes on as one never killed', () => {
    fc.assert(
      fc.property(plan, history, fc.nat(), (given, events, moment) => {
        const never = createScheduler(given);
        const expected = events.map((one) => live(never, one));
        const at = moment % events.length;
        const first = createScheduler(given);
        events.slice(0, at).forEach((one) => live(first, one));
        const text = JSON.stringify(first.state());
        const second = createScheduler(parsePlan(copied(planToJSON(given))));
        second.restore(JSON.parse(text) as SchedulerState);
        expect(events.slice(at).map((one) => live(second, one))).toEqual(expected.slice(at));
        expect(second.state()).toEqual(never.state());
      }),
      { numRuns: 300 },
    );
  });

  test('says ahead what its values will be if nothing is reported', () => {
    fc.assert(
      fc.property(plan, history, steps, (given, events, ahead) => {
        const scheduler = createScheduler(given);
        events.forEach((one) => live(scheduler, one));
        const said = scheduler.values(scheduler.step + ahead);
        scheduler.advance(ahead);
        expect(scheduler.values()).toEqual(said);
      }),
      { numRuns: 200 },
    );
  });

  test('names ahead every metric that a report could matter for', () => {
    fc.assert(
      fc.property(plan, history, fc.nat(10), metric, (given, events, ahead, value) => {
        const scheduler = createScheduler(given);
        events.forEach((one) => live(scheduler, one));
        const monitored = scheduler.monitors(ahead);
        const before = scheduler.state().controllers;
        for (let i = 0; i <= ahead; i += 1) {
          // Of what is not named, nothing may be read within the window.
          for (const name of ['loss', 'accuracy']) if (!monitored.has(name)) scheduler.report({ [name]: value });
          if (i < ahead) scheduler.advance();
        }
        expect(scheduler.state().controllers).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });

  test('gives the schedule itself outside of every window', () => {
    fc.assert(
      fc.property(schedule, use, history, (given, one, events) => {
        const bare = createScheduler({ learningRate: given });
        const scheduler = createScheduler({ learningRate: { schedule: given, controllers: { one } } });
        const pairs = events.flatMap(({ metrics }) => {
          const [expected, actual] = [bare, scheduler].map((each) => live(each, { metrics, anneals: false }));
          const inside = scheduler.step >= one.from! && scheduler.step < (one.until ?? Infinity);
          return inside ? [] : [[expected, actual]];
        });
        expect(pairs.map(([, actual]) => actual)).toEqual(pairs.map(([expected]) => expected));
      }),
    );
  });

  test('is refused a damaged state with a ScheduleError, and stays as it was', () => {
    fc.assert(
      fc.property(
        plan,
        history,
        fc.nat(),
        fc.constantFrom(null, -1, 0.5, 'x', [], {}, Number.NaN, undefined),
        (given, events, place, damage) => {
          const scheduler = createScheduler(given);
          events.forEach((one) => live(scheduler, one));
          const before = copied(scheduler.state());
          const state = copied(before);
          const keys = Object.keys(state).filter((key) => key !== 'values');
          Object.assign(state, { [keys[place % keys.length]!]: damage });
          const error = caught(() => scheduler.restore(state));
          const { learningRate } = scheduler.values();
          // Refused, and as before; or the damage was none.
          const stays = error instanceof ScheduleError && isDeepStrictEqual(copied(scheduler.state()), before);
          expect(stays || (error === undefined && Number.isFinite(learningRate))).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a plan', () => {
  test('survives its JSON form: the same text again, the same values bit for bit', () => {
    fc.assert(
      fc.property(plan, (given) => {
        const text = JSON.stringify(planToJSON(given));
        const again = parsePlan(JSON.parse(text));
        expect(JSON.stringify(planToJSON(again))).toBe(text);
        const [one, other] = [createScheduler(given), createScheduler(again)];
        for (let step = 0; step <= 2 * length; step += 1) expect(other.values(step)).toEqual(one.values(step));
      }),
      { numRuns: 200 },
    );
  });
});

function caught(action: () => void): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}
