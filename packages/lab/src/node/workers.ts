import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Trial } from '../trials/trial.ts';
import { failedTrial } from '../executors/executeTrial.ts';
import type { Executor, ExecutorHost } from '../executors/executor.ts';
import type { FromWorker, ToWorker, WorkerOptions } from './workerMessages.ts';

export interface WorkersOptions extends WorkerOptions {
  /** Trials at once, each on a thread of its own; default as many as the machine has processors. */
  readonly slots?: number;
  /** The program of the threads, where a bundler has moved it; default the one beside this module. */
  readonly program?: URL;
}

/** Runs trials on worker threads. */
export interface WorkersExecutor extends Executor {
  /** Ends the threads. */
  close(): Promise<void>;
}

const beside = new URL(import.meta.url.endsWith('.ts') ? './workerMain.ts' : './workerMain.js', import.meta.url);

/**
 * Makes an executor that runs trials on worker threads of Node: the same bits as inline, several at once. A thread that
 * dies fails its trial alone.
 */
export function workers(options: WorkersOptions = {}): WorkersExecutor {
  const { slots = availableParallelism(), program = beside, ...workerData } = options;
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const waiting: (() => void)[] = [];

  async function take(): Promise<Worker> {
    while (idle.length === 0 && all.size >= slots)
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    const one = idle.pop();
    if (one !== undefined) return one;
    const made = new Worker(program, { workerData });
    made.unref();
    all.add(made);
    return made;
  }

  function giveBack(worker: Worker, alive: boolean): void {
    if (alive) idle.push(worker);
    else all.delete(worker);
    waiting.shift()?.();
  }

  async function runOne(trial: Trial, host: ExecutorHost): Promise<void> {
    const worker = await take();
    if (host.signal.aborted) {
      giveBack(worker, true);
      return;
    }
    const send = (message: ToWorker): void => worker.postMessage(message);
    const abort = (): void => send({ kind: 'abort' });
    let alive = true;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        worker.off('message', receive);
        worker.off('error', die);
        worker.off('exit', die);
        resolve();
      };
      const die = (why: unknown): void => {
        alive = false;
        end();
        host.done(
          failedTrial(trial, why instanceof Error ? why : new Error(`its thread ended with code ${String(why)}`)),
        );
      };
      const receive = (message: FromWorker): void => {
        if (message.kind === 'events') host.events(message.id, message.events);
        else if (message.kind === 'done') {
          end();
          host.done(message.result);
        } else void reply(message, host).then(send, die);
      };
      worker.on('message', receive);
      worker.on('error', die);
      worker.on('exit', die);
      host.signal.addEventListener('abort', abort);
      worker.ref();
      send({ kind: 'run', trial });
    });
    host.signal.removeEventListener('abort', abort);
    worker.unref();
    giveBack(worker, alive);
  }

  return {
    slots,
    async run(trials, host) {
      await Promise.all(trials.map((trial) => runOne(trial, host)));
    },
    async close() {
      await Promise.all([...all].map((worker) => worker.terminate()));
      all.clear();
      idle.length = 0;
    },
  };
}

/** The answer to a worker's request. */
async function reply(message: Exclude<FromWorker, { kind: 'events' | 'done' }>, host: ExecutorHost): Promise<ToWorker> {
  switch (message.kind) {
    case 'restore':
      return { kind: 'restored', file: await host.restore(message.id) };
    case 'checkpoint':
      await host.checkpoint(message.id, message.file);
      return { kind: 'kept' };
    case 'prune':
      return { kind: 'pruned', prune: (await host.prune?.(message)) ?? false };
  }
}
