import type { Scheduler, SchedulerState } from '@anneal/core';
import type { Ort } from '../ort.ts';
import {
  discard,
  firstSteps,
  settled,
  type Chunk,
  type ChunkResult,
  type Runner,
  type State,
} from '../runners/runner.ts';

/** Updates that were made and can be made again: where they started and what they read. */
interface Call {
  readonly runner: Runner;
  readonly state: State;
  readonly scheduler: SchedulerState;
  readonly chunk: Chunk;
}

/** The values of all state variables, with the way back over the last update. */
export class TrainingState {
  readonly #ort: Ort;
  #values: State;
  #last: Call | undefined;

  constructor(ort: Ort, values: State) {
    this.#ort = ort;
    this.#values = values;
  }

  get values(): State {
    return this.#values;
  }

  /** The values in memory that JavaScript reads. */
  settled(): Promise<State> {
    return settled(this.#ort, this.#values);
  }

  /** Other values; there is no way back from them. */
  set(values: State): void {
    this.release();
    this.#values = values;
  }

  /**
   * Makes the updates of a chunk. Where a loss is not finite, only those before it: what they give is computed again, bit for bit.
   * Returns how many were made.
   *
   * @param scheduler as it stands before the first of them
   */
  async make(
    runner: Runner,
    chunk: Chunk,
    scheduler: SchedulerState,
  ): Promise<ChunkResult & { readonly made: number }> {
    const state = this.#values;
    const result = await runner.run(state, chunk);
    const bad = result.losses.findIndex((loss) => !Number.isFinite(loss));
    const made = bad < 0 ? chunk.steps : bad;
    if (bad >= 0) discard(result.state);
    if (made > 0) {
      const kept = bad < 0 ? chunk : firstSteps(chunk, made);
      this.#values = bad < 0 ? result.state : (await runner.run(state, kept)).state;
      this.#forget();
      this.#last = { runner, state, scheduler, chunk: kept };
    }
    return { ...result, made };
  }

  /**
   * Takes the last update back if it left numbers that are not finite: the loss before it was finite, and so was what it started from.
   * Returns whether it did; the scheduler then stands before that update.
   */
  async stepBackIfBroken(scheduler: Scheduler): Promise<boolean> {
    const values = await this.settled();
    const last = this.#last;
    if (last === undefined || [...values.values()].every(({ data }) => (data as Float32Array).every(Number.isFinite)))
      return false;
    const steps = last.chunk.steps - 1;
    const chunk = firstSteps(last.chunk, steps);
    this.#values = steps === 0 ? last.state : (await last.runner.run(last.state, chunk)).state;
    this.#last = steps === 0 ? undefined : { ...last, chunk };
    scheduler.restore(last.scheduler, { onPlanChange: 'takeNew' });
    scheduler.advance(steps);
    return true;
  }

  /** Gives back what lies on a device. */
  release(): void {
    this.#forget();
    discard(this.#values);
  }

  #forget(): void {
    if (this.#last !== undefined) discard(this.#last.state);
    this.#last = undefined;
  }
}
