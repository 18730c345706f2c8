import { expectTypeOf, test } from 'vitest';
import {
  cosineDecay,
  createScheduler,
  defineSchedule,
  interpolate,
  perEpoch,
  reduceOnPlateau,
  sequence,
  spikeGuard,
  warmup,
  type Controller,
  type DescribedSchedule,
  type Plan,
  type PlanLike,
  type Schedule,
  type UnresolvedController,
  type UnresolvedSchedule,
} from '../index.ts';
import { rate, steps } from '../options/index.ts';

test('numbers make a schedule, a relative duration makes what cannot be called', () => {
  const early = cosineDecay({ initValue: 0.1, decaySteps: 100 });
  expectTypeOf(early).toExtend<Schedule>();
  expectTypeOf(early.spec.decaySteps).toEqualTypeOf<number>();
  const late = cosineDecay({ initValue: 0.1, decaySteps: '90%' });
  expectTypeOf(late).toEqualTypeOf<UnresolvedSchedule>();
  expectTypeOf(late.resolve({ totalSteps: 9 })).toExtend<DescribedSchedule>();
  // @ts-expect-error it has no value before the run is known
  late(5);
  // @ts-expect-error nor is it a schedule
  const schedule: Schedule = late;
  expectTypeOf(schedule).not.toBeAny();
});

test('so does one inside another, in a list, or in epochs', () => {
  const late = cosineDecay({ initValue: 0.1, decaySteps: '5ep' });
  expectTypeOf(warmup({ warmupSteps: 5, schedule: late })).toEqualTypeOf<UnresolvedSchedule>();
  expectTypeOf(sequence({ schedules: [1, late], boundaries: [5] })).toEqualTypeOf<UnresolvedSchedule>();
  expectTypeOf(sequence({ schedules: [1, 2], boundaries: ['10%'] })).toEqualTypeOf<UnresolvedSchedule>();
  expectTypeOf(interpolate({ knots: [0, '50%'], values: [1, 2] })).toEqualTypeOf<UnresolvedSchedule>();
  expectTypeOf(perEpoch({ stepsPerEpoch: '1ep', schedule: 1 })).toEqualTypeOf<UnresolvedSchedule>();
  expectTypeOf(spikeGuard({ rewarmSteps: '1%' })).toEqualTypeOf<UnresolvedController>();
  expectTypeOf(spikeGuard({ rewarmSteps: 1 })).toExtend<Controller>();
});

test('only what is a duration may be relative', () => {
  // @ts-expect-error a rate is no duration
  cosineDecay({ initValue: '10%', decaySteps: 10 });
  // @ts-expect-error no unit
  cosineDecay({ initValue: 1, decaySteps: '10' });
  // @ts-expect-error reports are no steps
  reduceOnPlateau({ patience: '10%' });
  // @ts-expect-error an option of another library
  const made = cosineDecay({ initValue: 1, decaySteps: '10%', T_max: 5 });
  expectTypeOf(made).not.toBeAny();
});

test('functions over options make schedules, and so do definitions of one’s own', () => {
  const all = [{ initValue: 1, decaySteps: 5 }].map(cosineDecay);
  expectTypeOf(all[0]!).toExtend<Schedule>();
  const halving = defineSchedule<'halving', { initValue: number; everySteps?: number }>(
    'halving',
    { initValue: rate, everySteps: [steps, 100] },
    () => () => 1,
  );
  expectTypeOf(halving({ initValue: 1 })).toExtend<Schedule>();
  expectTypeOf(halving({ initValue: 1, everySteps: '1ep' })).toEqualTypeOf<UnresolvedSchedule>();
});

test('every plan-like takes it, a resolved plan does not', () => {
  const late = cosineDecay({ initValue: 0.1, decaySteps: '5ep' });
  expectTypeOf<UnresolvedSchedule>().toExtend<PlanLike>();
  createScheduler(
    { learningRate: late, groups: { head: { from: '10%' } } },
    { horizon: { totalSteps: 5, stepsPerEpoch: 1 } },
  );
  // @ts-expect-error a plan is resolved
  const plan: Plan = { learningRate: late };
  expectTypeOf(plan).not.toBeAny();
  expectTypeOf<Plan>().toExtend<PlanLike>();
});
