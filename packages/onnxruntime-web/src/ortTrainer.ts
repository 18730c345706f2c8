import { createScheduler, type RestoreOptions, type Scheduler } from '@anneal/core';
import { writeModel, type StateVariable } from '@anneal/onnx';
import type { Batch } from './batch.ts';
import { createBreathing } from './breathe.ts';
import { stacked, type StackedBatches } from './chunks.ts';
import type { Recipe } from './compile.ts';
import { hyperparameterVectors, scheduledTracks } from './hyperparameterInputs.ts';
import { tensorOf, type Ort, type OrtTensor } from './ort.ts';
import type { State } from './runners/runner.ts';
import type { Sessions } from './sessions.ts';
import { readCheckpoint, writeCheckpoint } from './state/checkpoint.ts';
import { TrainingState } from './state/trainingState.ts';
import type { RunOptions, RunResult, StepEvent, Trainer } from './trainer.ts';
import { TrainerError } from './trainerError.ts';

/** What a call of the runtime came to. */
interface Made {
  /** The updates made, in order. */
  readonly events: readonly StepEvent[];
  readonly diverged: boolean;
  /** The last of them has been taken back. */
  readonly takenBack: boolean;
}

/** A trainer whose state lies with JavaScript between runs, and where its runner keeps it while one lasts. */
export class OrtTrainer implements Trainer {
  readonly scheduler: Scheduler;
  readonly #ort: Ort;
  readonly #recipe: Recipe;
  readonly #stepsPerCall: number;
  readonly #sessions: Sessions;
  readonly #state: TrainingState;
  #turn: Promise<unknown> = Promise.resolve();
  #running = false;
  #disposed = false;

  constructor(ort: Ort, recipe: Recipe, scheduler: Scheduler, stepsPerCall: number, sessions: Sessions) {
    this.#ort = ort;
    this.#recipe = recipe;
    this.scheduler = scheduler;
    this.#stepsPerCall = stepsPerCall;
    this.#sessions = sessions;
    this.#state = new TrainingState(
      ort,
      this.#tensors(({ initial }) => initial.data as Float32Array),
    );
  }

  get parameters(): readonly string[] {
    return this.#sessions.parameters;
  }

  async run(batches: Iterable<Batch> | AsyncIterable<Batch>, options: RunOptions = {}): Promise<RunResult> {
    const { signal, stepsPerCall = this.#stepsPerCall, onStep } = options;
    checkCount('stepsPerCall', stepsPerCall);
    if (this.#running)
      throw new TrainerError('argument', 'run', 'this trainer is running already; wait for that run to end');
    const losses: number[] = [];
    const applied: number[] = [];
    const breathe = createBreathing();
    let stopped: RunResult['stopped'] = null;
    // As many updates as can be made before a controller has to be told a loss.
    const stepsAhead = (): number => (this.scheduler.monitors(stepsPerCall - 1).has('loss') ? 1 : stepsPerCall);

    this.#running = true;
    try {
      for await (const stack of stacked(batches, this.#recipe.accumulate, stepsAhead, signal)) {
        if (signal?.aborted === true) {
          stopped = 'aborted';
          break;
        }
        const { events, diverged, takenBack } = await this.#exclusively(() => this.#train(stack));
        for (const event of events) {
          losses.push(event.loss);
          applied.push(event.applied);
        }
        for (const event of events) onStep?.(event);
        if (takenBack) {
          losses.pop();
          applied.pop();
        }
        if (diverged) {
          stopped = 'diverged';
          break;
        }
        await breathe();
      }
    } finally {
      this.#running = false;
      await this.#exclusively(() => this.#state.settled());
    }
    return { losses: Float32Array.from(losses), applied: Float32Array.from(applied), updates: losses.length, stopped };
  }

  /** One call of the runtime. Where a loss was not finite, the state is the last good one and the updates up to it are told. */
  async #train({ shapes, signature, steps, feeds }: StackedBatches): Promise<Made> {
    const { scheduler } = this;
    const runner = await this.#sessions.runnerFor(shapes, signature);
    const { hyperparameters: inputs } = runner.step;
    const hyperparameters = hyperparameterVectors(inputs, scheduler, this.#recipe.optimizer, steps);
    const result = await this.#state.make(runner, { steps, feeds, hyperparameters }, scheduler.state());
    const events: StepEvent[] = [];
    for (let k = 0; k < result.made; k++) {
      const loss = result.losses[k]!;
      const rates = [...result.applied].map(([group, values]) => [group, values[k]!] as const);
      events.push({
        step: scheduler.step,
        loss,
        applied: rates.find(([group]) => group === undefined)![1],
        groups: Object.fromEntries(rates.filter(([group]) => group !== undefined)),
      });
      scheduler.advance();
      if (scheduler.monitors().has('loss')) scheduler.report({ loss });
    }
    const diverged = result.made < steps;
    return { events, diverged, takenBack: diverged && (await this.#state.stepBackIfBroken(scheduler)) };
  }

  predict(inputs: Batch): ReturnType<Trainer['predict']> {
    return this.#exclusively(() => this.#sessions.forward.predict(inputs, this.#state.values));
  }

  evaluate(batch: Batch): ReturnType<Trainer['evaluate']> {
    return this.#exclusively(() => this.#sessions.forward.evaluate(batch, this.#state.values));
  }

  parameter(name: string): Float32Array {
    const tensor = this.parameters.includes(name) ? this.#state.values.get(name) : undefined;
    if (tensor === undefined)
      throw new TrainerError(
        'argument',
        name,
        `no trained parameter has this name; there are ${this.parameters.join(', ')}`,
      );
    if (tensor.location === 'gpu-buffer')
      throw new TrainerError('argument', name, 'it lies on the device while a run lasts');
    return (tensor.data as Float32Array).slice();
  }

  save(): Promise<Uint8Array> {
    return this.#exclusively(async () => {
      const state = await this.#state.settled();
      return writeCheckpoint({
        tensors: new Map([...state].map(([name, { dims, data }]) => [name, { dims, data: data as Float32Array }])),
        scheduler: this.scheduler.state(),
        optimizer: this.#recipe.optimizer.name,
      });
    });
  }

  load(bytes: Uint8Array, options?: RestoreOptions): Promise<void> {
    return this.#exclusively(async () => {
      const { scheduler } = this;
      const { tensors, scheduler: saved } = readCheckpoint(
        bytes,
        this.#sessions.step.state,
        this.#recipe.optimizer.name,
      );
      // A plan taken from the file may schedule what the graph has no input for; whatever else changes the plan leaves its tracks.
      if (options?.onPlanChange === 'takeOld' && options.parse !== undefined && saved.plan !== null) {
        const values = createScheduler(options.parse(saved.plan)).values();
        const tracks = (group: string | undefined): string => scheduledTracks(values, group).join();
        if (this.#sessions.step.rates.some(({ group }) => tracks(group) !== this.#recipe.scheduled(group).join())) {
          throw new TrainerError(
            'checkpoint',
            'plan',
            'the saved plan schedules other hyperparameters than the graph was made for; make a trainer with that plan',
          );
        }
      }
      scheduler.restore(saved, options);
      this.#state.set(this.#tensors(({ name }) => tensors.get(name)!.data));
    });
  }

  export(): Promise<Uint8Array> {
    return this.#exclusively(async () => {
      const { original: model } = this.#recipe;
      const values = await this.#state.settled();
      const initializers = new Map(model.graph.initializers);
      for (const name of this.parameters) {
        const { dims, data } = values.get(name) as OrtTensor;
        initializers.set(name, { type: 'float32', dims, data: data as Float32Array });
      }
      // Some exporters write weights as Constant nodes; those trained become initializers, which exist on their own since IR version 4.
      const nodes = model.graph.nodes.filter(
        ({ op, outputs }) => op !== 'Constant' || !this.parameters.includes(outputs[0] as string),
      );
      return writeModel({
        ...model,
        irVersion: Math.max(model.irVersion, 4),
        graph: { ...model.graph, nodes, initializers },
      });
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

export function checkCount(option: string, count: number): void {
  if (!(Number.isSafeInteger(count) && count > 0)) {
    throw new TrainerError('argument', option, `it must be a whole number > 0; received ${count}`);
  }
}
