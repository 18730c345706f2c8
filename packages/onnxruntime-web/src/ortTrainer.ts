import { createScheduler, type RestoreOptions, type Scheduler, type StepValues } from '@anneal/core';
import {
  checkSelector,
  exporterWarnings,
  initializerRoles,
  isOfModel,
  selects,
  writeModel,
  type Cohort,
  type ParameterSelector,
  type StateVariable,
} from '@anneal/onnx';
import type { Batch } from './batch.ts';
import { createBreathing } from './breathe.ts';
import { checkRunArguments, checkWeightsChoice } from './checkArguments.ts';
import { checkCount } from './checkCount.ts';
import { chunkFor } from './chunkFor.ts';
import { chunked, type ChunkBatches } from './chunks.ts';
import type { Joining, Recipe } from './compile.ts';
import { appliedValues, scheduledTracks } from './hyperparameterInputs.ts';
import { tensorOf, type Ort, type OrtTensor } from './ort.ts';
import { checkLabels } from './labels.ts';
import { outOfMemory } from './memory.ts';
import { Pace } from './pace.ts';
import { checkReports, reported } from './reports.ts';
import type { State } from './runners/runner.ts';
import { Sessions } from './sessions.ts';
import { checkCohorts, checkTensors, readCheckpoint, writeCheckpoint } from './state/checkpoint.ts';
import { TrainingState } from './state/trainingState.ts';
import type { RunOptions, RunResult, StepEvent, Trainer, Untrained, WeightsChoice } from './trainer.ts';
import { TrainerError } from './trainerError.ts';
import { withWeights } from './withWeights.ts';

/** What a call of the runtime came to. */
interface Made {
  /** The updates made, in order. */
  readonly events: readonly StepEvent[];
  /** Why no more were made; undefined where all were. */
  readonly divergence: string | undefined;
  /** The last update of the call before has been taken back. */
  readonly takenBack: boolean;
}

/** What holds for every run of a trainer. */
interface Habits {
  readonly stepsPerCall: number | undefined;
  /** Metrics that the caller reports. */
  readonly reports: readonly string[];
}

/** A trainer whose state lies with JavaScript between runs, and where its runner keeps it while one lasts. */
export class OrtTrainer implements Trainer {
  readonly scheduler: Scheduler;
  readonly #ort: Ort;
  readonly #recipe: Recipe;
  readonly #habits: Habits;
  readonly #pace = new Pace();
  #sessions: Sessions;
  readonly #state: TrainingState;
  #turn: Promise<unknown> = Promise.resolve();
  #running = false;
  #disposed = false;

  constructor(ort: Ort, recipe: Recipe, scheduler: Scheduler, habits: Habits, sessions: Sessions) {
    this.#ort = ort;
    this.#recipe = recipe;
    this.scheduler = scheduler;
    this.#habits = habits;
    this.#sessions = sessions;
    this.#state = new TrainingState(
      ort,
      this.#tensors(({ initial }) => initial.data as Float32Array),
    );
  }

  get parameters(): readonly string[] {
    return this.#sessions.parameters;
  }

  get untrained(): readonly Untrained[] {
    const { model, trainable } = this.#recipe;
    const changed = new Set(this.#sessions.step.state.filter(isOfModel).map(({ name }) => name));
    return initializerRoles(model.graph).flatMap(({ name, trained, reason }) => {
      if (changed.has(name)) return [];
      if (trainable !== undefined && !selects(trainable, name))
        return [{ name, reason: trained ? 'the option trainable does not select it' : reason }];
      return [{ name, reason: trained || trainable !== undefined ? 'the loss does not depend on it' : reason }];
    });
  }

  get warnings(): readonly string[] {
    return exporterWarnings(this.#recipe.model.graph);
  }

  async run(batches: Iterable<Batch> | AsyncIterable<Batch>, options: RunOptions = {}): Promise<RunResult> {
    checkRunArguments(batches, options);
    const { signal, stepsPerCall = this.#habits.stepsPerCall, reports = [], onStep } = options;
    if (stepsPerCall !== undefined) checkCount('stepsPerCall', stepsPerCall);
    if (this.#running)
      throw new TrainerError('argument', 'run', 'this trainer is running already; wait for that run to end');
    checkReports(this.scheduler, [...this.#habits.reports, ...reports]);
    const losses: number[] = [];
    const applied: StepValues[] = [];
    // Updates that may still be taken back; nobody is told of them yet.
    let open: StepEvent[] = [];
    let telling = false;
    const tell = (events: readonly StepEvent[]): void => {
      for (const event of events) {
        losses.push(event.loss);
        applied.push(event.applied);
      }
      telling = true;
      for (const event of events) onStep?.(event);
      telling = false;
    };
    const breathe = createBreathing();
    let end: Pick<RunResult, 'stopped' | 'reason'> = { stopped: null, reason: null };
    // As many updates as can be made before a controller has to be told a loss.
    const stepsAhead = (): number => {
      const wanted = stepsPerCall ?? this.#pace.steps;
      return this.scheduler.monitors(wanted - 1).has(reported) ? 1 : wanted;
    };

    const check = (batch: Batch): void => checkLabels(this.#sessions.step.labels, batch);

    this.#running = true;
    try {
      for await (const taken of chunked(batches, this.#recipe.accumulate, stepsAhead, check, signal)) {
        if (signal?.aborted === true) {
          end = { stopped: 'aborted', reason: `the run was aborted at step ${this.scheduler.step}` };
          break;
        }
        const { events, divergence, takenBack } = await this.#exclusively(async () => {
          const begun = Date.now();
          const made = await this.#train(taken);
          this.#pace.took(Date.now() - begun, taken.steps);
          return made;
        });
        const stand = [...(takenBack ? [] : open), ...events];
        open = this.#state.isProven ? [] : stand.splice(-1);
        tell(stand);
        if (divergence !== undefined) {
          end = { stopped: 'diverged', reason: divergence };
          break;
        }
        await breathe();
      }
    } finally {
      this.#running = false;
      const broken = await this.#exclusively(async () => {
        const back = open.length > 0 && (await this.#state.stepBackIfBroken(this.scheduler));
        await this.#state.settled();
        return back;
      });
      if (broken) end = { stopped: 'diverged', reason: brokenBy(this.scheduler.step) };
      // A listener that threw hears no more.
      else if (!telling) tell(open);
    }
    return { losses: Float32Array.from(losses), applied, updates: losses.length, ...end };
  }

  /** One call of the runtime. Where a loss or what an update leaves is not finite, the state is the last good one. */
  async #train(taken: ChunkBatches): Promise<Made> {
    const { scheduler } = this;
    const runner = await this.#sessions.runnerFor(taken.shapes, taken.signature);
    const first = scheduler.step;
    const values = Array.from({ length: taken.steps }, (_, k) => scheduler.values(first + k));
    const chunk = chunkFor(runner.step, this.#recipe, taken, values, first);
    const result = await this.#state
      .make(runner, chunk, scheduler.state())
      .catch((error: unknown) => outOfMemory(this.#ort, runner.step, error));
    const events = Array.from({ length: result.made }, (_, k): StepEvent => {
      const rates = new Map([...result.applied].map(([group, each]) => [group, each[k]!]));
      const event = { step: scheduler.step, loss: result.losses[k]!, applied: appliedValues(values[k]!, rates) };
      scheduler.advance();
      if (scheduler.monitors().has(reported)) scheduler.report({ [reported]: event.loss });
      return event;
    });
    if (result.made === taken.steps) return { events, divergence: undefined, takenBack: false };
    const takenBack = result.made === 0 && (await this.#state.stepBackIfBroken(scheduler));
    const bad = result.losses[result.made]!;
    const divergence =
      takenBack || Number.isFinite(bad)
        ? brokenBy(scheduler.step)
        : `the loss at step ${scheduler.step} is ${bad}; the weights are those of step ${scheduler.step}`;
    return { events, divergence, takenBack };
  }

  predict(inputs: Batch, options?: WeightsChoice): ReturnType<Trainer['predict']> {
    return this.#exclusively(async () => this.#sessions.forward.predict(inputs, await this.#weights(options)));
  }

  evaluate(batch: Batch, options?: WeightsChoice): ReturnType<Trainer['evaluate']> {
    return this.#exclusively(async () => this.#sessions.forward.evaluate(batch, await this.#weights(options)));
  }

  parameter(name: string, options?: WeightsChoice): Float32Array {
    const variables = this.#sessions.step.state.filter(isOfModel);
    const variable = variables.find((one) => one.name === name);
    if (variable === undefined)
      throw new TrainerError(
        'argument',
        name,
        `no trained parameter has this name; there are ${variables.map((one) => one.name).join(', ')}`,
      );
    const { location, data } = this.#state.values.get(this.#meant(variable, options)) as OrtTensor;
    if (location === 'gpu-buffer') throw new TrainerError('argument', name, 'it lies on the device while a run lasts');
    return (data as Float32Array).slice();
  }

  unfreeze(selector: ParameterSelector): Promise<readonly string[]> {
    return this.#exclusively(async () => {
      checkSelector('unfreeze', 'it', selector);
      const joining = { selector, option: 'unfreeze', since: this.scheduler.step } as const;
      const sessions = await this.#reopened(this.#sessions.step.cohorts, joining);
      const values = await this.#state.settled();
      await this.#take(sessions, ({ name, initial }) => (values.get(name) ?? initial).data as Float32Array);
      return sessions.step.cohorts.at(-1)!.parameters;
    });
  }

  save(): Promise<Uint8Array> {
    return this.#exclusively(async () => {
      const state = await this.#state.settled();
      return writeCheckpoint({
        tensors: new Map([...state].map(([name, { dims, data }]) => [name, { dims, data: data as Float32Array }])),
        scheduler: this.scheduler.state(),
        optimizer: this.#recipe.optimizer.name,
        cohorts: this.#sessions.step.cohorts,
      });
    });
  }

  load(bytes: Uint8Array, options?: RestoreOptions): Promise<void> {
    return this.#exclusively(async () => {
      const checkpoint = readCheckpoint(bytes, this.#recipe.optimizer.name);
      const { tensors, scheduler: saved, cohorts } = checkpoint;
      // A plan taken from the file may schedule what the graph has no input for; whatever else changes the plan leaves its tracks.
      if (options?.onPlanChange === 'takeOld' && options.parse !== undefined && saved.plan !== null) {
        const values = createScheduler(options.parse(saved.plan)).values();
        const tracks = (group: string | undefined): string => scheduledTracks(values, group).join();
        const groups = [undefined, ...Object.keys(this.#recipe.groups)];
        if (groups.some((group) => tracks(group) !== this.#recipe.scheduled(group).join())) {
          throw new TrainerError(
            'checkpoint',
            'plan',
            'the saved plan schedules other hyperparameters than the graph was made for; make a trainer with that plan',
          );
        }
      }
      checkCohorts(checkpoint, this.#sessions.step.cohorts[0]!.parameters, this.#recipe.model);
      const sessions = await this.#reopened(cohorts);
      try {
        checkTensors(tensors, sessions.step.state);
        this.scheduler.restore(saved, options);
      } catch (error) {
        if (sessions !== this.#sessions) await sessions.release();
        throw error;
      }
      await this.#take(sessions, ({ name }) => tensors.get(name)!.data);
    });
  }

  export(options?: WeightsChoice): Promise<Uint8Array> {
    return this.#exclusively(async () => {
      return writeModel(withWeights(this.#recipe.original, await this.#weights(options)));
    });
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    await this.#exclusively(async () => {
      this.#disposed = true;
      // Before the sessions: tensors on a device outlive none of them.
      this.#state.release();
      await this.#sessions.release();
    });
  }

  /** One thing at a time: sessions of one runtime are not run at once, and a checkpoint never falls between state and step. */
  #exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(() => {
      if (this.#disposed) throw new TrainerError('disposed', 'trainer', 'it has been disposed of');
      return work();
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** The values of the model that training changes, in memory that JavaScript reads. */
  async #weights(options?: WeightsChoice): Promise<State> {
    const values = await this.#state.settled();
    const variables = this.#sessions.step.state.filter(isOfModel);
    return new Map(
      variables.map((variable) => [variable.name, values.get(this.#meant(variable, options)) as OrtTensor]),
    );
  }

  /** The state variable that holds the wanted weights of a value of the model. */
  #meant({ kind, name }: StateVariable, options: WeightsChoice = {}): string {
    checkWeightsChoice('options', options);
    const { weights = 'trained' } = options;
    if (weights === 'trained') return name;
    const { average } = this.#recipe;
    if (weights !== 'average')
      throw new TrainerError('argument', 'weights', `it must be "trained" or "average"; received ${String(weights)}`);
    if (average === undefined)
      throw new TrainerError('argument', 'weights', 'no average is kept; make the trainer with the option average');
    const cohort = this.#sessions.step.cohorts.find(({ parameters }) => parameters.includes(name));
    const taken = kind === 'parameter' && average.count(this.scheduler.step, cohort!.since) > 0;
    return taken ? `average/${name}` : name;
  }

  /** Sessions for other cohorts; those there are where the cohorts are the same. */
  async #reopened(cohorts: readonly Cohort[], joining?: Joining): Promise<Sessions> {
    const { step } = this.#sessions;
    if (joining === undefined && JSON.stringify(cohorts) === JSON.stringify(step.cohorts)) return this.#sessions;
    return Sessions.open(this.#ort, this.#recipe, step.feeds, cohorts, joining);
  }

  /** Goes on with these sessions, from this data of the state variables. */
  async #take(sessions: Sessions, data: (variable: StateVariable) => Float32Array): Promise<void> {
    const before = this.#sessions;
    this.#sessions = sessions;
    this.#state.set(this.#tensors(data));
    if (before !== sessions) await before.release();
  }

  /** A tensor for each state variable, of a copy of the data. */
  #tensors(data: (variable: StateVariable) => Float32Array): State {
    return new Map(
      this.#sessions.step.state.map((variable) => [
        variable.name,
        tensorOf(this.#ort, 'float32', data(variable).slice(), variable.initial.dims),
      ]),
    );
  }
}

/** Why a run ended whose next update would leave numbers that are not finite. */
const brokenBy = (step: number): string =>
  `the update at step ${step} leaves numbers that are not finite; the weights are those of step ${step}`;
