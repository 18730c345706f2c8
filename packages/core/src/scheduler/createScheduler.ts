import type { Json, Metrics } from '../controller.ts';
import { check } from '../options/check.ts';
import { checkKeys, checkOptions } from '../options/checkOptions.ts';
import { mustBe, ScheduleError } from '../error.ts';
import { count } from '../kinds/count.ts';
import { factor } from '../kinds/factor.ts';
import { positiveFactor } from '../kinds/positiveFactor.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanLike, WrittenPlan } from '../plan/planLike.ts';
import { toPlan } from '../plan/toPlan.ts';
import { allTracks, resolvePlan, type ResolvedPlan, type ResolvedTrack } from '../plan/resolvePlan.ts';
import { annealed, annealShape } from '../curves/annealShape.ts';
import { bounded } from '../numerics/bounded.ts';
import { isFrozen, readout, type Read } from './readout.ts';
import { carriedOver, planOrNull, readState } from './state.ts';
import type {
  Annealing,
  AnnealRequest,
  RestoreOptions,
  Scheduler,
  SchedulerOptions,
  SchedulerState,
  StepValues,
} from './scheduler.ts';

/**
 * Makes a scheduler for a plan.
 *
 * Exactly one counter exists: the framework's where `clock` is given, else the scheduler's own, which `advance` moves.
 * Given a scheduler, the same one is returned with the options in force; one that already has a clock or `apply` is
 * refused a second. Throws a {@link ScheduleError} for a plan that is wrong, with the path of what is wrong, and for one with a
 * duration relative to the run (`'10%'`) where `horizon` does not say how long that is.
 *
 * @example
 * const scheduler = createScheduler(cosineDecay({ initValue: 0.1, decaySteps: 100 }));
 * scheduler.values().learningRate; // 0.1
 * scheduler.advance(50);
 * scheduler.values().learningRate; // 0.05
 */
export function createScheduler(planLike: PlanLike, options: SchedulerOptions = {}): Scheduler {
  checkKeys('createScheduler', ['clock', 'startStep', 'horizon', 'apply'], options);
  if (planLike instanceof PlanScheduler) return planLike.drive(options);
  return new PlanScheduler(toPlan(planLike as WrittenPlan, options.horizon)).drive(options);
}

class PlanScheduler implements Scheduler {
  plan: Plan;
  #tracks: readonly ResolvedTrack[];
  #read: Read;
  /** The step of which the values were last asked for, and these; NaN where they may have changed since. */
  #readAt = NaN;
  #values: StepValues | undefined;
  #controllers: Record<string, Json>;
  #annealing: Annealing | undefined;
  #clock: (() => number) | undefined;
  #apply: ((values: StepValues) => void) | undefined;
  /** The step if the scheduler counts, else the step at which the clock shows 0. */
  #offset = 0;
  readonly #listeners = new Set<(scheduler: Scheduler) => void>();

  constructor(plan: Plan) {
    this.plan = plan;
    const resolved = resolvePlan(plan);
    this.#tracks = allTracks(resolved);
    this.#read = this.#readout(resolved);
    this.#controllers = initialStates(this.#tracks);
  }

  /** Takes over a clock, a starting step and a place for the values. */
  drive({ clock, startStep, apply }: SchedulerOptions): this {
    if ((clock !== undefined || apply !== undefined) && (this.#clock ?? this.#apply) !== undefined) {
      throw new ScheduleError(
        'clock',
        '',
        'createScheduler: this scheduler already drives something; make one scheduler for each',
      );
    }
    const step = startStep ?? (clock === undefined ? this.step : Math.max(this.step, clock()));
    check('createScheduler', 'startStep', count, step);
    this.#clock = clock ?? this.#clock;
    this.#apply = apply ?? this.#apply;
    this.#moveTo(step);
    if (apply !== undefined) apply(this.values());
    return this;
  }

  get step(): number {
    return this.#offset + (this.#clock?.() ?? 0);
  }

  #moveTo(step: number): void {
    this.#offset = step - (this.#clock?.() ?? 0);
  }

  values(step: number = this.step): StepValues {
    if (step !== this.#readAt) {
      this.#values = this.#read(step, this.#annealing !== undefined);
      this.#readAt = step;
    }
    return this.#values!;
  }

  #readout(resolved: ResolvedPlan): Read {
    return readout(resolved, this.#tracks, (track, step) => this.#valueOf(track, step));
  }

  #valueOf(track: ResolvedTrack, step: number): number {
    const annealing = this.#annealing;
    if (annealing !== undefined && step >= annealing.since && this.#isAnnealed(track)) {
      const { since, steps, endFactor, shape } = annealing;
      const start = annealing.startValues[track.path]!;
      // 0 stays 0 in every shape; the exponential one would divide by it.
      return start === 0 ? 0 : annealed(shape, start, bounded(start * endFactor), (step - since) / steps);
    }
    const own = step - track.start;
    if (own < 0) return isFrozen(track.hyperparameter) ? 0 : track.schedule(0);
    let value = track.schedule(own);
    for (const { path, use, from, until } of track.controllers) {
      if (own >= from && own < until)
        value = bounded(value * use.factor(this.#controllers[path]!, { step: own, value }));
    }
    return value;
  }

  advance(updates = 1): void {
    if (this.#clock !== undefined) {
      throw new ScheduleError(
        'clock',
        '',
        "advance: the framework's own counter is this scheduler's clock; it advances by itself",
      );
    }
    check('advance', 'updates', count, updates);
    this.#offset += updates;
    this.#changed();
  }

  report(metrics: Metrics): void {
    if (typeof metrics !== 'object' || metrics === null || metrics instanceof Promise)
      mustBe('report', 'metrics', 'an object of numbers by name, such as { loss: 0.3 }', metrics, { path: '' });
    const { step } = this;
    const observed: Record<string, Json> = { ...this.#controllers };
    for (const track of this.#tracks) {
      const own = step - track.start;
      if (own < 0 || track.controllers.length === 0 || this.#isAnnealed(track)) continue;
      let value = track.schedule(own);
      for (const { path, use, from, until } of track.controllers) {
        if (own < from || own >= until) continue;
        const at = { step: own, value };
        const metric = Object.hasOwn(metrics, use.monitor) ? metrics[use.monitor] : undefined;
        if (metric !== undefined) {
          if (typeof metric !== 'number') mustBe('report', use.monitor, 'a number', metric);
          observed[path] = use.observe(observed[path]!, metric, at);
        }
        value = bounded(value * use.factor(observed[path]!, at));
      }
    }
    this.#controllers = observed;
    this.#changed();
  }

  monitors(ahead = 0): ReadonlySet<string> {
    check('monitors', 'ahead', count, ahead);
    const { step } = this;
    const monitors = new Set<string>();
    for (const track of this.#tracks) {
      if (this.#isAnnealed(track)) continue;
      const own = step - track.start;
      for (const { use, from, until } of track.controllers)
        if (own + ahead >= from && own + ahead >= 0 && own < until) monitors.add(use.monitor);
    }
    return monitors;
  }

  anneal(request: AnnealRequest): void {
    const table = { steps: positiveFactor, endFactor: factor, shape: [annealShape, 'linear'] } as const;
    const { steps, endFactor, shape } = checkOptions('anneal', table, request);
    if (shape === 'exponential' && endFactor === 0)
      mustBe('anneal', 'endFactor', 'a number > 0 for the exponential shape', endFactor);
    const since = this.step;
    const rates = this.#tracks.filter(({ hyperparameter }) => hyperparameter === 'learningRate');
    const startValues = Object.fromEntries(rates.map((track) => [track.path, this.#valueOf(track, since)]));
    this.#annealing = { since, steps, endFactor, shape, startValues };
    this.#changed();
  }

  #isAnnealed(track: ResolvedTrack): boolean {
    return this.#annealing !== undefined && Object.hasOwn(this.#annealing.startValues, track.path);
  }

  subscribe(listener: (scheduler: Scheduler) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  state(): SchedulerState {
    return {
      version: 1,
      step: this.step,
      plan: planOrNull(this.plan),
      controllers: { ...this.#controllers },
      ...(this.#annealing !== undefined && { annealing: this.#annealing }),
      values: this.values(),
    };
  }

  restore(state: SchedulerState, options: RestoreOptions = {}): void {
    checkKeys('restore', ['onPlanChange', 'parse'], options);
    const saved = readState(state);
    const { plan, keep } = carriedOver(saved, this.plan, options);
    const resolved = resolvePlan(plan);
    const tracks = allTracks(resolved);
    const controllers = keep(initialStates(tracks));
    this.plan = plan;
    this.#tracks = tracks;
    this.#read = this.#readout(resolved);
    this.#controllers = controllers;
    this.#annealing = saved.annealing;
    this.#moveTo(saved.step);
    this.#changed();
  }

  #changed(): void {
    this.#readAt = NaN;
    this.#apply?.(this.values());
    for (const listener of this.#listeners) listener(this);
  }
}

function initialStates(tracks: readonly ResolvedTrack[]): Record<string, Json> {
  const uses = tracks.flatMap(({ controllers }) => controllers);
  return Object.fromEntries(uses.map(({ path, use }) => [path, use.init()]));
}
