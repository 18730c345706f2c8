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

/** Updates on a device that can be made again: where they started and what they read. */
interface Call {
  readonly runner: Runner;
  readonly state: State;
  readonly scheduler: SchedulerState;
  readonly chunk: Chunk;
}

/** The values of all state variables, with the way back over the last update while they lie on a device. */
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

  /** Whether the values are known to be finite where they were before: always, but for those that have not left a device. */
  get isProven(): boolean {
    return !isOnDevice(this.#values);
  }

  /**
   * Makes the updates of a chunk, as far as their losses are finite and the last of them leaves finite numbers: what those give is
   * computed again, bit for bit. On a device that is known only of updates before a loss that is not finite.
   * Returns how many were made.
   *
   * @param scheduler as it stands before the first of them
   */
  async make(
    runner: Runner,
    chunk: Chunk,
    scheduler: SchedulerState,
  ): Promise<ChunkResult & { readonly made: number }> {
    const before = this.#values;
    const again = async (steps: number): Promise<State> =>
      steps === 0 ? before : (await runner.run(before, firstSteps(chunk, steps))).state;
    const result = await runner.run(before, chunk);
    const bad = result.losses.findIndex((loss) => !Number.isFinite(loss));
    let made = bad < 0 ? chunk.steps : bad;
    let { state } = result;
    if (bad >= 0) {
      discard(state);
      state = await again(made);
    }
    if (bad >= 0 || !isOnDevice(state)) {
      while (made > 0 && (await this.#isBroken(before, state))) state = await again(--made);
    }
    if (made > 0) {
      this.#forget();
      this.#values = state;
      if (!this.isProven) this.#last = { runner, state: before, scheduler, chunk: firstSteps(chunk, made) };
    }
    return { ...result, made };
  }

  /**
   * Takes the last update back if it left numbers that are not finite: the loss before it was finite, and so was what it started from.
   * Returns whether it did; the scheduler then stands before that update.
   */
  async stepBackIfBroken(scheduler: Scheduler): Promise<boolean> {
    const last = this.#last;
    if (last === undefined || this.isProven || !(await this.#isBroken(last.state, this.#values))) return false;
    const steps = last.chunk.steps - 1;
    const chunk = firstSteps(last.chunk, steps);
    this.#values = steps === 0 ? last.state : (await last.runner.run(last.state, chunk)).state;
    this.#last = steps === 0 ? undefined : { ...last, chunk };
    scheduler.restore(last.scheduler, { onPlanChange: 'takeNew' });
    scheduler.advance(steps);
    return true;
  }

  /** Whether a number is not finite that was. Brings the state to JavaScript. */
  async #isBroken(before: State, after: State): Promise<boolean> {
    const suspects = [...(await settled(this.#ort, after))].filter(([, { data }]) => !isFinite(data as Float32Array));
    if (suspects.length === 0) return false;
    const old = await settled(this.#ort, before);
    return suspects.some(([name, { data }]) => {
      const was = old.get(name)!.data as Float32Array;
      return (data as Float32Array).some((value, i) => !Number.isFinite(value) && Number.isFinite(was[i]));
    });
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

const isOnDevice = (state: State): boolean => [...state.values()].some(({ location }) => location === 'gpu-buffer');

/** Whether all numbers are finite: their sum in float64 is, which cannot overflow. Four sums at once, as many as a processor adds. */
function isFinite(data: Float32Array): boolean {
  const whole = data.length - (data.length % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    a += data[i]!;
    b += data[i + 1]!;
    c += data[i + 2]!;
    d += data[i + 3]!;
  }
  for (let i = whole; i < data.length; i++) a += data[i]!;
  return Number.isFinite(a + b + c + d);
}
