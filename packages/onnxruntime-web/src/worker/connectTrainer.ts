import type { Scheduler } from '@anneal/core';
import type { Batch } from '../batch.ts';
import { checkRunArguments } from '../checkArguments.ts';
import type { RunOptions, RunResult, Trainer } from '../trainer.ts';
import { TrainerError } from '../trainerError.ts';
import { Channel, ended, type Port } from './channel.ts';
import { whenReleased } from './life.ts';
import { connect, type Listed, type NextBatch } from './serveTrainer.ts';

declare const MessageChannel: new () => { readonly port1: Port; readonly port2: Port };

/** The part of a `Worker` that is used; that of a page and that of node:worker_threads are alike in it. */
export interface TrainingWorker {
  postMessage(message: unknown, transfer: never): void;
  /** In a page. */
  addEventListener?(type: 'error', listener: (event: object) => void): void;
  /** In Node. */
  once?(event: 'error', listener: (error: object) => void): unknown;
}

type Asynchronous<Interface> = {
  [Key in keyof Interface]: Interface[Key] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : Interface[Key];
};

type SchedulerCalls = Pick<Scheduler, 'values' | 'report' | 'anneal' | 'state'>;

/** A {@link Trainer} that lives in a worker: the same methods, all of them asynchronous, and of its scheduler those that cross. */
export interface WorkerTrainer extends Asynchronous<Omit<Trainer, 'scheduler'>> {
  readonly scheduler: Asynchronous<SchedulerCalls>;
}

// Lists that the compiler compares with the interfaces: a method that is missing here does not compile.
const trainerCalls: Readonly<Record<Exclude<keyof Trainer, 'scheduler' | keyof Listed | 'run'>, true>> = {
  predict: true,
  evaluate: true,
  parameter: true,
  unfreeze: true,
  save: true,
  load: true,
  export: true,
  dispose: true,
};
const schedulerCalls: Readonly<Record<keyof SchedulerCalls, true>> = {
  values: true,
  report: true,
  anneal: true,
  state: true,
};

/** A run under way, as the page sees it. */
interface Run {
  readonly iterator: Iterator<Batch> | AsyncIterator<Batch>;
  readonly options: RunOptions;
  /** What the page's own code threw: it is thrown on as it was, not as a copy that has crossed twice. */
  failure?: { readonly error: unknown };
}

const leave = async (iterator: Run['iterator']): Promise<void> => {
  try {
    await iterator.return?.();
  } catch {
    // The run fails for a better reason.
  }
};

/**
 * Makes a trainer in a worker that calls `serveTrainer`, and drives it from here.
 *
 * `setup` is whatever the worker's function takes, with the bytes of a model, numbers, a schedule as its `spec`: functions do not cross.
 * Batches are asked for one at a time and cross as copies. Losses, steps and results are those of a trainer without a worker, bit for bit;
 * errors keep their class, code and sentence. When the worker ends, whatever waits for it is rejected.
 *
 * @throws what the worker's function throws; TrainerError when the worker's script does not load or `setup` cannot cross.
 */
export async function connectTrainer(worker: TrainingWorker, setup: unknown): Promise<WorkerTrainer> {
  const runs = new Map<number, Run>();
  let lastRun = 0;
  const { port1, port2 } = new MessageChannel();
  const channel = new Channel(port1, {
    async next(id: number): Promise<NextBatch> {
      const run = runs.get(id)!;
      try {
        const { done, value } = await run.iterator.next();
        const aborted = run.failure !== undefined || run.options.signal?.aborted === true;
        return done === true ? { aborted } : { batch: value, aborted };
      } catch (error) {
        run.failure = { error };
        throw error;
      }
    },
    stop: async (id: number): Promise<void> => void (await runs.get(id)!.iterator.return?.()),
    step(id: number, event: never): void {
      const run = runs.get(id)!;
      try {
        if (run.failure === undefined) run.options.onStep?.(event);
      } catch (error) {
        run.failure = { error };
      }
    },
  });
  const failed = (event: object): void => {
    const { message = 'it does not load' } = event as { readonly message?: string };
    channel.end(new TrainerError('runtime', 'worker', `its script failed: ${message}`));
  };
  let opened = false;
  worker.addEventListener?.('error', (event) => opened || failed(event));
  worker.once?.('error', failed);
  worker.postMessage({ type: connect, port: port2 }, [port2] as never);
  const life = `@anneal/onnxruntime-web ${Math.random()}`;
  await channel.call('hold', life);
  whenReleased(life, () => channel.end(ended()));
  let listed = (await channel.call('open', setup)) as Listed;
  opened = true;

  const calls = (of: string, names: object): Record<string, (...args: readonly unknown[]) => Promise<unknown>> =>
    Object.fromEntries(Object.keys(names).map((name) => [name, (...args) => channel.call('call', of, name, args)]));
  const trainer = calls('trainer', trainerCalls);
  /** A call after which more or less is trained. */
  const choosing =
    (name: 'unfreeze' | 'load') =>
    async (...args: readonly unknown[]): Promise<unknown> => {
      const result = await trainer[name]!(...args);
      listed = (await channel.call('listed')) as Listed;
      return result;
    };
  return {
    ...trainer,
    unfreeze: choosing('unfreeze'),
    load: choosing('load'),
    scheduler: calls('scheduler', schedulerCalls),
    get parameters() {
      return listed.parameters;
    },
    get untrained() {
      return listed.untrained;
    },
    get warnings() {
      return listed.warnings;
    },
    async run(batches: Iterable<Batch> | AsyncIterable<Batch>, options: RunOptions = {}): Promise<RunResult> {
      checkRunArguments(batches, options);
      const id = ++lastRun;
      const iterator = Symbol.asyncIterator in batches ? batches[Symbol.asyncIterator]() : batches[Symbol.iterator]();
      const run: Run = { iterator, options };
      runs.set(id, run);
      try {
        const { stepsPerCall, reports, onStep } = options;
        const result = await channel.call('run', id, { stepsPerCall, reports, tell: onStep !== undefined });
        if (run.failure === undefined) return result as RunResult;
      } catch (error) {
        // Not waited for: a stream that is waiting itself would never answer.
        if (channel.ended) void leave(iterator);
        if (run.failure === undefined) throw error;
      } finally {
        runs.delete(id);
      }
      throw run.failure.error;
    },
  } as unknown as WorkerTrainer;
}
