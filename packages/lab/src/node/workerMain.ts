import { parentPort, workerData } from 'node:worker_threads';
import type { Parser } from '@anneal/core';
import type { Task } from '../tasks/task.ts';
import { executeTrial, type ExecutionOptions } from '../executors/executeTrial.ts';
import type { Exported, FromWorker, ToWorker, WorkerOptions } from './workerMessages.ts';

// One thread that runs the trials it is handed, one after the other.
const port = parentPort!;
const send = (message: FromWorker): void => port.postMessage(message);

const imported = async <T>(what: Exported | undefined): Promise<T | undefined> =>
  what === undefined ? undefined : ((await import(what.module)) as Record<string, T>)[what.name];

const { parse, task, checkpointSteps } = workerData as WorkerOptions;
const options = (async (): Promise<ExecutionOptions> => {
  const [parser, tasks] = [await imported<Parser>(parse), await imported<(name: string) => Promise<Task>>(task)];
  return {
    checkpointSteps,
    ...(parser !== undefined && { parse: parser }),
    ...(tasks !== undefined && { task: tasks }),
  };
})();

/** The answer to the one request that is open. */
let answer: ((message: ToWorker) => void) | undefined;
let stop = new AbortController();

const ask = (request: FromWorker): Promise<ToWorker> =>
  new Promise((resolve) => {
    answer = resolve;
    send(request);
  });

port.on('message', (message: ToWorker) => {
  if (message.kind === 'run') {
    stop = new AbortController();
    void run(message.trial, stop.signal);
  } else if (message.kind === 'abort') stop.abort();
  else answer?.(message);
});

async function run(trial: Parameters<typeof executeTrial>[0], signal: AbortSignal): Promise<void> {
  await executeTrial(
    trial,
    {
      signal,
      events: (id, events) => send({ kind: 'events', id, events }),
      restore: async (id) => {
        const found = await ask({ kind: 'restore', id });
        return found.kind === 'restored' ? found.file : undefined;
      },
      checkpoint: async (id, file) => {
        await ask({ kind: 'checkpoint', id, file });
      },
      prune: async (running) => {
        const judged = await ask({ kind: 'prune', ...running });
        return judged.kind === 'pruned' && judged.prune;
      },
      done: (result) => send({ kind: 'done', result }),
    },
    await options,
  );
}
