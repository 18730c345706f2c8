import { createScheduler, type RestoreOptions, type Scheduler, type SchedulerState } from '@anneal/core';
import { writeModel, type Shapes, type StateVariable, type Tensor } from '@anneal/onnx';
import { BatchStack, shapesOf, signatureOf, type Batch } from './batch.ts';
import { createBreathing } from './breathe.ts';
import { compileStep, type CompiledStep, type Recipe } from './compile.ts';
import { ForwardSessions } from './forwardSessions.ts';
import { hyperparameterVectors, scheduledTracks } from './hyperparameterInputs.ts';
import { tensorOf, type Ort, type OrtTensor } from './ort.ts';
import { discard, firstSteps, settled, type Chunk, type Runner, type State } from './runners/runner.ts';
import { SessionCache } from './sessionCache.ts';
import { readCheckpoint, writeCheckpoint } from './state/checkpoint.ts';
import type { RunOptions, RunResult, StepEvent, Trainer } from './trainer.ts';
import { TrainerError } from './trainerError.ts';

/** Sessions kept open per kind; a run needs one for whole batches and one for a short last batch. */
const maxSessions = 8;

/** A call of the runtime that can be repeated: where it started and what it read. */
interface Call {
  readonly runner: Runner;
  readonly state: State;
  readonly scheduler: SchedulerState;
  readonly chunk: Chunk;
}

/** What a call of the runtime came to. */
interface Made {
  /** The updates made, in order. */
  readonly made: readonly StepEvent[];
  readonly diverged: boolean;
  /** The last of them has been taken back. */
  readonly takenBack: boolean;
}

/** A trainer whose state lies with JavaScript between runs, and where its runner keeps it while one lasts. */
export class OrtTrainer implements Trainer {
  readonly scheduler: Scheduler;
  readonly parameters: readonly string[];
  readonly #ort: Ort;
  readonly #recipe: Recipe;
  readonly #stepsPerCall: number;
  readonly #first: Runner;
  readonly #open: (step: CompiledStep) => Promise<Runner>;
  readonly #runners = new SessionCache<Runner>(maxSessions);
  readonly #forwards: ForwardSessions;
  #state: State;
  #lastCall: Call | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #running = false;
  #disposed = false;

  constructor(
    ort: Ort,
    recipe: Recipe,
    scheduler: Scheduler,
    stepsPerCall: number,
    first: Runner,
    open: (step: CompiledStep) => Promise<Runner>,
  ) {
    this.#ort = ort;
    this.#recipe = recipe;
    this.scheduler = scheduler;
    this.#stepsPerCall = stepsPerCall;
    this.#first = first;
    this.#open = open;
    this.parameters = first.step.parameters.map(({ name }) => name);
    this.#forwards = new ForwardSessions(ort, recipe, this.parameters, maxSessions);
    this.#state = new Map(this.#variables().map(({ name, initial }) => [name, this.#tensor(initial)]));
  }

  async run(batches: Iterable<Batch> | AsyncIterable<Batch>, options: RunOptions = {}): Promise<RunResult> {
    const { signal, stepsPerCall = this.#stepsPerCall, onStep } = options;
    checkCount('stepsPerCall', stepsPerCall);
    if (this.#running)
      throw new TrainerError('argument', 'run', 'this trainer is running already; wait for that run to end');
    const losses: number[] = [];
    const applied: number[] = [];
    const breathe = createBreathing();
    const { accumulate } = this.#recipe;
    let waiting: BatchStack | undefined;
    let stopped: RunResult['stopped'] = null;

    /** Trains on the batches that wait, whole updates first, then on a rest; false when the run has to stop. */
    const flush = async (): Promise<boolean> => {
      const stack = waiting;
      waiting = undefined;
      if (stack === undefined) return true;
      for (let at = 0; at < stack.count;) {
        if (signal?.aborted === true) {
          stopped = 'aborted';
          return false;
        }
        const steps = Math.floor((stack.count - at) / accumulate) || 1;
        const end = Math.min(at + steps * accumulate, stack.count);
        const feeds = stack.slice(at, end);
        const events = await this.#exclusively(() => this.#train(stack, feeds, steps));
        for (const event of events.made) {
          losses.push(event.loss);
          applied.push(event.applied);
        }
        for (const event of events.made) onStep?.(event);
        if (events.takenBack) {
          losses.pop();
          applied.pop();
        }
        if (events.diverged) {
          stopped = 'diverged';
          return false;
        }
        await breathe();
        at = end;
      }
      return true;
    };

    this.#running = true;
    try {
      let going = true;
      for await (const batch of batches) {
        const shapes = shapesOf(batch);
        if (waiting !== undefined && waiting.signature !== signatureOf(shapes)) going = await flush();
        if (!going) break;
        const wanted = this.#stepsAhead(stepsPerCall) * accumulate;
        waiting ??= new BatchStack(shapes, wanted);
        waiting.push(batch);
        if (signal?.aborted === true || waiting.count >= wanted) going = await flush();
        if (!going) break;
      }
      if (going) await flush();
    } finally {
      this.#running = false;
      await this.#exclusively(() => settled(this.#ort, this.#state));
    }
    return { losses: Float32Array.from(losses), applied: Float32Array.from(applied), updates: losses.length, stopped };
  }

  /** As many updates as can be made before a controller has to be told a loss. */
  #stepsAhead(limit: number): number {
    return this.scheduler.monitors(limit - 1).has('loss') ? 1 : limit;
  }

  /** One call of the runtime. Where a loss was not finite, the state is the last good one and the updates up to it are told. */
  async #train(stack: BatchStack, feeds: Chunk['feeds'], steps: number): Promise<Made> {
    const { scheduler } = this;
    const runner = await this.#runnerFor(stack.shapes, stack.signature);
    const hyperparameters = hyperparameterVectors(
      runner.step.hyperparameters,
      scheduler,
      this.#recipe.optimizer,
      steps,
    );
    const chunk: Chunk = { steps, feeds, hyperparameters };
    const call: Call = { runner, state: this.#state, scheduler: scheduler.state(), chunk };
    const result = await runner.run(call.state, chunk);
    const bad = result.losses.findIndex((loss) => !Number.isFinite(loss));
    const diverged = bad >= 0;
    const good = diverged ? bad : steps;
    if (diverged) discard(result.state);
    this.#state = diverged ? await replay(call, good) : result.state;
    const made: StepEvent[] = [];
    for (let k = 0; k < good; k++) {
      const loss = result.losses[k]!;
      const rates = [...result.applied].map(([group, values]) => [group, values[k]!] as const);
      made.push({
        step: scheduler.step,
        loss,
        applied: rates.find(([group]) => group === undefined)![1],
        groups: Object.fromEntries(rates.filter(([group]) => group !== undefined)),
      });
      scheduler.advance();
      if (scheduler.monitors().has('loss')) scheduler.report({ loss });
    }
    if (diverged) return { made, diverged, takenBack: await this.#stepBackIfBroken(call, good) };
    if (this.#lastCall !== undefined) discard(this.#lastCall.state);
    this.#lastCall = call;
    return { made, diverged, takenBack: false };
  }

  /**
   * The loss before an update was not finite, so that update was not made. If the one before it has already left numbers that are not finite,
   * that one is taken back too: the loss before it was finite, and so was what it started from.
   */
  async #stepBackIfBroken(call: Call, good: number): Promise<boolean> {
    await settled(this.#ort, this.#state);
    if ([...this.#state.values()].every(({ data }) => (data as Float32Array).every(Number.isFinite))) return false;
    const from = good > 0 ? call : this.#lastCall;
    if (from === undefined) return false;
    const steps = (good > 0 ? good : from.chunk.steps) - 1;
    this.#state = await replay(from, steps);
    this.scheduler.restore(from.scheduler, { onPlanChange: 'takeNew' });
    this.scheduler.advance(steps);
    return true;
  }

  predict(inputs: Batch): ReturnType<Trainer['predict']> {
    return this.#exclusively(() => this.#forwards.predict(inputs, this.#state));
  }

  evaluate(batch: Batch): ReturnType<Trainer['evaluate']> {
    return this.#exclusively(() => this.#forwards.evaluate(batch, this.#state));
  }

  parameter(name: string): Float32Array {
    const tensor = this.parameters.includes(name) ? this.#state.get(name) : undefined;
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
      const state = await settled(this.#ort, this.#state);
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
      const { tensors, scheduler: saved } = readCheckpoint(bytes, this.#variables(), this.#recipe.optimizer.name);
      // A plan taken from the file may schedule what the graph has no input for; whatever else changes the plan leaves its tracks.
      if (options?.onPlanChange === 'takeOld' && options.parse !== undefined && saved.plan !== null) {
        const values = createScheduler(options.parse(saved.plan)).values();
        const tracks = (group: string | undefined): string => scheduledTracks(values, group).join();
        if (this.#first.step.rates.some(({ group }) => tracks(group) !== this.#recipe.scheduled(group).join())) {
          throw new TrainerError(
            'checkpoint',
            'plan',
            'the saved plan schedules other hyperparameters than the graph was made for; make a trainer with that plan',
          );
        }
      }
      scheduler.restore(saved, options);
      this.#state = new Map(
        this.#variables().map(({ name, initial }) => [
          name,
          this.#tensor({ ...initial, data: (tensors.get(name) as { data: Float32Array }).data }),
        ]),
      );
      this.#lastCall = undefined;
    });
  }

  export(): Promise<Uint8Array> {
    return this.#exclusively(async () => {
      const { original: model } = this.#recipe;
      await settled(this.#ort, this.#state);
      const initializers = new Map(model.graph.initializers);
      for (const name of this.parameters) {
        const { dims, data } = this.#state.get(name) as OrtTensor;
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
      discard(this.#state);
      if (this.#lastCall !== undefined) discard(this.#lastCall.state);
      await this.#first.release();
      await this.#runners.clear();
      await this.#forwards.release();
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

  async #runnerFor(shapes: Shapes, signature: string): Promise<Runner> {
    if (signature === signatureOf(this.#first.step.feeds)) return this.#first;
    return this.#runners.get(signature, async () => {
      return this.#open(await compileStep(this.#ort, this.#recipe, shapes, this.parameters));
    });
  }

  #variables(): StateVariable[] {
    return [...this.#first.step.parameters, ...this.#first.step.slots];
  }

  #tensor({ dims, data }: Tensor): OrtTensor {
    return tensorOf(this.#ort, 'float32', (data as Float32Array).slice(), dims);
  }
}

/** The state after the first `steps` updates of a call; bit for bit what it was then. */
const replay = async ({ runner, state, chunk }: Call, steps: number): Promise<State> =>
  steps === 0 ? state : (await runner.run(state, firstSteps(chunk, steps))).state;

export function checkCount(option: string, count: number): void {
  if (!(Number.isSafeInteger(count) && count > 0)) {
    throw new TrainerError('argument', option, `it must be a whole number > 0; received ${count}`);
  }
}
