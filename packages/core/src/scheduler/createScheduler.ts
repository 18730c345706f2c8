import type { Json, Metrics } from '../controller.ts';
import { ScheduleError, show } from '../error.ts';
import {
  hyperparameters,
  resolvePlan,
  toPlan,
  type Plan,
  type PlanLike,
  type ResolvedPlan,
  type ResolvedTrack,
  type ResolvedTracks,
} from '../plan/plan.ts';
import { annealed, annealShapes } from '../shapes/annealShape.ts';
import { carriedOver, planOrNull, readState } from './state.ts';
import type {
  Annealing,
  AnnealRequest,
  GroupValues,
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
 * refused a second.
 *
 * @example
 * const scheduler = createScheduler(cosineDecay({ initValue: 0.1, decaySteps: 100 }));
 * scheduler.values().learningRate; // 0.1
 * scheduler.advance(50);
 * scheduler.values().learningRate; // 0.05
 */
export function createScheduler(planLike: PlanLike, options: SchedulerOptions = {}): Scheduler {
  if (planLike instanceof PlanScheduler) return planLike.drive(options);
  return new PlanScheduler(toPlan(planLike as Exclude<PlanLike, Scheduler>)).drive(options);
}

class PlanScheduler implements Scheduler {
  plan: Plan;
  #resolved: ResolvedPlan;
  #controllers: Record<string, Json>;
  #annealing: Annealing | undefined;
  #clock: (() => number) | undefined;
  #apply: ((values: StepValues) => void) | undefined;
  /** The step if the scheduler counts, else the step at which the clock shows 0. */
  #offset = 0;
  readonly #listeners = new Set<(scheduler: Scheduler) => void>();

  constructor(plan: Plan) {
    this.plan = plan;
    this.#resolved = resolvePlan(plan);
    this.#controllers = initialStates(this.#resolved);
  }

  /** Takes over a clock, a starting step and a place for the values. */
  drive({ clock, startStep, apply }: SchedulerOptions): this {
    if ((clock !== undefined || apply !== undefined) && (this.#clock ?? this.#apply) !== undefined) {
      throw new ScheduleError('createScheduler: this scheduler already drives something; make one scheduler for each', {
        code: 'clock',
        path: '',
      });
    }
    const step = startStep ?? (clock === undefined ? this.step : Math.max(this.step, clock()));
    checkStep('startStep', step);
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
    const { base, groups } = this.#resolved;
    const values = this.#valuesOf(base, step);
    if (groups === undefined) return values;
    const ofGroups: Record<string, GroupValues> = {};
    for (const name of Object.keys(groups)) ofGroups[name] = this.#valuesOf(groups[name]!, step);
    return { ...values, groups: ofGroups };
  }

  #valuesOf(tracks: ResolvedTracks, step: number): GroupValues {
    const values: { -readonly [K in keyof GroupValues]: GroupValues[K] } = { learningRate: 0 };
    for (const name of hyperparameters) {
      const track = tracks[name];
      if (track !== undefined) values[name] = this.#valueOf(track, step);
    }
    return values;
  }

  #valueOf(track: ResolvedTrack, step: number): number {
    const start = this.#annealing?.startValues[track.path];
    if (this.#annealing !== undefined && start !== undefined && step >= this.#annealing.since) {
      const { since, steps, endFactor, shape } = this.#annealing;
      return annealed(shape, start, start * endFactor, (step - since) / steps);
    }
    let value = track.schedule(step);
    for (const { path, use, from, until } of track.controllers) {
      if (step >= from && step < until) value *= use.factor(this.#controllers[path]!, { step, value });
    }
    return value;
  }

  advance(updates = 1): void {
    if (this.#clock !== undefined) {
      throw new ScheduleError("advance: the framework's own counter is this scheduler's clock; it advances by itself", {
        code: 'clock',
        path: '',
      });
    }
    checkStep('advance: updates', updates);
    this.#offset += updates;
    this.#changed();
  }

  report(metrics: Metrics): void {
    const { step } = this;
    for (const track of this.#tracks()) {
      if (this.#isAnnealed(track)) continue;
      let value = track.schedule(step);
      for (const { path, use, from, until } of track.controllers) {
        if (step < from || step >= until) continue;
        const metric = metrics[use.monitor];
        if (metric !== undefined)
          this.#controllers[path] = use.observe(this.#controllers[path]!, metric, { step, value });
        value *= use.factor(this.#controllers[path]!, { step, value });
      }
    }
    this.#changed();
  }

  monitors(ahead = 0): ReadonlySet<string> {
    const { step } = this;
    const monitors = new Set<string>();
    for (const track of this.#tracks()) {
      if (this.#isAnnealed(track)) continue;
      for (const { use, from, until } of track.controllers)
        if (step + ahead >= from && step < until) monitors.add(use.monitor);
    }
    return monitors;
  }

  anneal({ steps, endFactor, shape = 'linear' }: AnnealRequest): void {
    const refuse = (parameter: string, rule: string, received: unknown): never => {
      throw new ScheduleError(`anneal: ${parameter} must be ${rule}; received ${show(received)}`, {
        code: 'invalid',
        path: `/${parameter}`,
        parameter,
        rule,
        received,
      });
    };
    if (!(steps > 0 && steps < Infinity)) refuse('steps', 'a number > 0', steps);
    if (!annealShapes.includes(shape)) refuse('shape', `one of ${annealShapes.join(', ')}`, shape);
    if (!(endFactor >= 0 && endFactor < Infinity)) refuse('endFactor', 'a number >= 0', endFactor);
    if (shape === 'exponential' && endFactor === 0)
      refuse('endFactor', 'a number > 0 for the exponential shape', endFactor);
    const since = this.step;
    const rates = this.#tracks().filter(({ path }) => path.endsWith('learningRate'));
    const startValues = Object.fromEntries(rates.map((track) => [track.path, this.#valueOf(track, since)]));
    this.#annealing = { since, steps, endFactor, shape, startValues };
    this.#changed();
  }

  #isAnnealed = (track: ResolvedTrack): boolean =>
    this.#annealing !== undefined && Object.hasOwn(this.#annealing.startValues, track.path);

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
    };
  }

  restore(state: SchedulerState, options: RestoreOptions = {}): void {
    const { plan, keep } = carriedOver(readState(state), this.plan, options);
    const resolved = resolvePlan(plan);
    this.plan = plan;
    this.#resolved = resolved;
    this.#controllers = initialStates(resolved);
    for (const path of Object.keys(this.#controllers)) {
      const saved = state.controllers[path];
      if (saved !== undefined && keep(path)) this.#controllers[path] = saved;
    }
    this.#annealing = state.annealing;
    this.#moveTo(state.step);
    this.#changed();
  }

  #tracks(): readonly ResolvedTrack[] {
    return allTracks(this.#resolved);
  }

  #changed(): void {
    this.#apply?.(this.values());
    for (const listener of this.#listeners) listener(this);
  }
}

/** Every track of a plan once, also those that groups share with the base. */
function allTracks({ base, groups = {} }: ResolvedPlan): readonly ResolvedTrack[] {
  return [...new Set([base, ...Object.values(groups)].flatMap((tracks) => Object.values(tracks)))];
}

function initialStates(plan: ResolvedPlan): Record<string, Json> {
  const uses = allTracks(plan).flatMap(({ controllers }) => controllers);
  return Object.fromEntries(uses.map(({ path, use }) => [path, use.init()]));
}

function checkStep(name: string, step: number): void {
  if (step >= 0 && step < Infinity) return;
  throw new ScheduleError(`${name} must be a finite number >= 0; received ${show(step)}`, {
    code: 'invalid',
    path: '',
    received: step,
  });
}
