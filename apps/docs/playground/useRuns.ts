import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import type { DescribedSchedule } from '@anneal/core';
import { backendNames, type Backend } from './backends.ts';
import type { RunResult, TrainRequest, WorkerMessage } from './messages.ts';

/** What is known of one backend's run. */
export interface Run {
  readonly backend: Backend;
  /** The learning rate that each update really used. */
  readonly applied: readonly number[];
  readonly smoothedLosses: readonly number[];
  readonly result?: RunResult;
  /** Why there is no result. */
  readonly failure?: string;
  readonly stopped?: true;
}

export interface Runs {
  readonly runs: ShallowRef<readonly Run[]>;
  readonly running: ComputedRef<boolean>;
  /** Starts every backend at once, each in a worker of its own. */
  train(schedule: DescribedSchedule): void;
  stop(): void;
}

/** Losses of single batches are noisy: what is drawn is their exponential moving average with this weight on the past. */
const smoothing = 0.95;

export function useRuns(): Runs {
  const runs = shallowRef<readonly Run[]>([]);
  const workers = new Map<Backend, Worker>();
  const running = computed(() => runs.value.some(isOpen));

  function update(backend: Backend, change: (run: Run) => Partial<Run>): void {
    runs.value = runs.value.map((run) => (run.backend === backend ? { ...run, ...change(run) } : run));
  }

  function end(backend: Backend): void {
    workers.get(backend)?.terminate();
    workers.delete(backend);
  }

  function receive(backend: Backend, message: WorkerMessage): void {
    if (message.type === 'events') {
      const steps = message.events.filter((event) => event.event === 'step');
      update(backend, ({ applied, smoothedLosses }) => ({
        applied: [...applied, ...steps.map(({ values }) => values.learningRate)],
        smoothedLosses: smoothed(
          smoothedLosses,
          steps.map(({ loss }) => loss),
        ),
      }));
      return;
    }
    update(backend, () => (message.type === 'done' ? { result: message.result } : { failure: message.message }));
    end(backend);
  }

  function train(schedule: DescribedSchedule): void {
    stop();
    runs.value = backendNames.map((backend) => ({ backend, applied: [], smoothedLosses: [] }));
    for (const backend of backendNames) {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
      workers.set(backend, worker);
      worker.addEventListener('message', (event: MessageEvent<WorkerMessage>) => receive(backend, event.data));
      worker.addEventListener('error', (event) => {
        receive(backend, { type: 'failed', message: event.message || 'its worker could not be started' });
      });
      worker.postMessage({ backend, schedule: schedule.toJSON() } satisfies TrainRequest);
    }
  }

  function stop(): void {
    for (const backend of backendNames) end(backend);
    runs.value = runs.value.map((run) => (isOpen(run) ? { ...run, stopped: true } : run));
  }

  return { runs, running, train, stop };
}

const isOpen = ({ result, failure, stopped }: Run): boolean =>
  result === undefined && failure === undefined && stopped !== true;

/** Continues an exponential moving average; its first value is the first loss. */
export function smoothed(before: readonly number[], losses: readonly number[]): readonly number[] {
  const all = [...before];
  for (const loss of losses) {
    const last = all.at(-1);
    all.push(last === undefined ? loss : smoothing * last + (1 - smoothing) * loss);
  }
  return all;
}

/** The largest difference between two sequences at any index that all of them reach. */
export function largestDifference(sequences: readonly (readonly number[])[]): number {
  const length = sequences.length === 0 ? 0 : Math.min(...sequences.map((sequence) => sequence.length));
  let largest = 0;
  for (let i = 0; i < length; i += 1) {
    const values = sequences.map((sequence) => sequence[i]!);
    largest = Math.max(largest, Math.max(...values) - Math.min(...values));
  }
  return largest;
}
