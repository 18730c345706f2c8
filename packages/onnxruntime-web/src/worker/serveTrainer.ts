import type { Batch } from '../batch.ts';
import type { StepEvent, Trainer } from '../trainer.ts';
import { Channel, type Port } from './channel.ts';
import { holdForLife } from './life.ts';

/** The part of a worker's global scope that is used: `self` in a page's worker, `parentPort` of node:worker_threads in Node. */
export interface WorkerScope {
  addEventListener(type: 'message', listener: (event: object) => void): void;
  start?(): void;
}

/** The message with which a page connects. */
export const connect = '@anneal/onnxruntime-web/connect';

/** The page's answer to the worker's asking for a batch; none when the batches are at their end. */
export interface NextBatch {
  readonly batch?: Batch;
  readonly aborted: boolean;
}

export interface RemoteRunOptions {
  readonly stepsPerCall: number | undefined;
  readonly reports: readonly string[] | undefined;
  /** Whether the page listens to steps. */
  readonly tell: boolean;
}

/** What a trainer tells of its model, at once. */
export type Listed = Pick<Trainer, 'parameters' | 'untrained' | 'warnings'>;

const listedBy = ({ parameters, untrained, warnings }: Trainer): Listed => ({ parameters, untrained, warnings });

/** Makes a trainer from what the page passes as its setup. */
export type MakeTrainer = (setup: never) => Promise<Trainer>;

/**
 * Lets pages train in this worker: each `connectTrainer` of a page calls `make` with its setup, and the trainer that it makes is then driven
 * from there. Call it before the worker's first `await`: what a page sends earlier than that is lost.
 *
 * @example
 * serveTrainer(self, (setup: Setup) => createTrainer(ort, setup.model, { …, plan: parsePlan(setup.plan) }));
 */
export function serveTrainer(scope: WorkerScope, make: MakeTrainer): void {
  scope.addEventListener('message', (event) => {
    const { data } = event as { readonly data?: { readonly type?: unknown; readonly port: Port } };
    if (data?.type === connect) serve(data.port, make);
  });
  scope.start?.();
}

function serve(port: Port, make: MakeTrainer): void {
  let trainer: Trainer | undefined;
  const channel = new Channel(port, {
    hold: holdForLife,
    async open(setup: never): Promise<Listed> {
      trainer = await make(setup);
      return listedBy(trainer);
    },
    listed: () => listedBy(trainer!),
    call: (of: 'trainer' | 'scheduler', method: string, args: readonly unknown[]): unknown => {
      const target = of === 'trainer' ? trainer! : trainer!.scheduler;
      return (target as unknown as Readonly<Record<string, (...all: readonly unknown[]) => unknown>>)[method]!(...args);
    },
    run(id: number, { stepsPerCall, reports, tell }: RemoteRunOptions): Promise<unknown> {
      const signal = { aborted: false };
      return trainer!.run(pulled(id, signal), {
        signal,
        ...(stepsPerCall !== undefined && { stepsPerCall }),
        ...(reports !== undefined && { reports }),
        ...(tell && { onStep: (event: StepEvent) => channel.tell('step', id, event) }),
      });
    },
  });

  /** The page's batches, one asked for when the trainer wants one: exactly those are read that a trainer without a worker reads. */
  async function* pulled(id: number, signal: { aborted: boolean }): AsyncGenerator<Batch> {
    let left = false;
    try {
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- one batch after the other
        const { batch, aborted } = (await channel.call('next', id)) as NextBatch;
        signal.aborted = aborted;
        if (batch === undefined) return;
        left = true;
        yield batch;
        left = false;
      }
    } finally {
      if (left) await channel.call('stop', id);
    }
  }
}
