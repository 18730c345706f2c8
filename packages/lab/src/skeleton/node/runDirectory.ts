import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LabError } from '../../labError.ts';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '../training/checkpoint.ts';
import type { MetricsEvent, MetricsSink, TimingEvent } from '../training/events.ts';
import { EventFile, readEvents } from './eventFile.ts';
import { writeAtomically } from './writeAtomically.ts';

/** What a run directory holds: `settings` says for which run. */
const names = {
  settings: 'run.json',
  metrics: 'metrics.jsonl',
  timing: 'timing.jsonl',
  summary: 'summary.json',
  report: 'report.html',
  checkpoints: 'checkpoints',
} as const;

/** Names one of the runs in a directory. */
export interface RunKey {
  readonly run: string;
  readonly backend: string;
  readonly seed: number;
}

/** A folder that a training command writes to. Only files of the names above are ever replaced or removed. */
export class RunDirectory implements MetricsSink {
  readonly path: string;
  #metrics: EventFile<MetricsEvent> | undefined;
  #timing: EventFile<TimingEvent> | undefined;

  /** Makes the folder where it is missing. Throws a {@link LabError} if it cannot be written. */
  constructor(path: string) {
    this.path = path;
    try {
      makeFolder(join(path, names.checkpoints));
      writeAtomically(this.file('checkpoints', '.writable'), '');
      rmSync(this.file('checkpoints', '.writable'));
    } catch (cause) {
      const { code = 'unknown error' } = cause as { readonly code?: string };
      throw new LabError('files', `the output folder ${path} cannot be written (${code})`, { cause });
    }
  }

  file(name: keyof typeof names, inside = ''): string {
    return join(this.path, names[name], inside);
  }

  /** What an earlier command left here. */
  get left(): 'nothing' | 'unfinished' | 'finished' {
    if (!existsSync(this.file('settings'))) return 'nothing';
    return existsSync(this.file('summary')) ? 'finished' : 'unfinished';
  }

  /** Removes what an earlier command left here and notes the settings of the one that begins. */
  begin(settings: unknown): void {
    for (const name of ['settings', 'metrics', 'timing', 'summary', 'report'] as const)
      rmSync(this.file(name), { force: true });
    for (const name of readdirSync(this.file('checkpoints')))
      if (name.endsWith('.checkpoint') || name.endsWith('.tmp')) rmSync(this.file('checkpoints', name));
    this.writeJson('settings', settings);
    this.#open(0, 0);
  }

  /** Reads the settings under which an earlier command began. */
  settings(): unknown {
    if (!existsSync(this.file('settings')))
      throw new LabError('files', `there is nothing to resume in ${this.path}: it has no ${names.settings}`);
    return JSON.parse(readFileSync(this.file('settings'), 'utf8'));
  }

  /**
   * Goes on where an earlier command ended: the runs, in their order, up to the first that has not ended. Cuts the event
   * files to its last checkpoint, or to the end of the run before.
   */
  resume(runs: readonly RunKey[]): Map<RunKey, Checkpoint> {
    const found = new Map<RunKey, Checkpoint>();
    let lengths = { metrics: 0, timing: 0 };
    for (const run of runs) {
      const path = this.#checkpointPath(run);
      if (!existsSync(path)) break;
      const { checkpoint, extra } = decodeCheckpoint(readFileSync(path));
      found.set(run, checkpoint);
      lengths = { metrics: extra['metrics'] ?? 0, timing: extra['timing'] ?? 0 };
      if (checkpoint.state.result === undefined) break;
    }
    rmSync(this.file('summary'), { force: true });
    rmSync(this.file('report'), { force: true });
    this.#open(lengths.metrics, lengths.timing);
    return found;
  }

  #open(metrics: number, timing: number): void {
    this.#metrics = new EventFile(this.file('metrics'), metrics);
    this.#timing = new EventFile(this.file('timing'), timing);
  }

  write(events: readonly MetricsEvent[]): void {
    this.#metrics?.append(events);
  }

  time(event: TimingEvent): void {
    this.#timing?.append([event]);
  }

  /** Keeps a checkpoint, after the events that it stands on. */
  keep(run: RunKey, checkpoint: Checkpoint): void {
    this.#metrics?.sync();
    this.#timing?.sync();
    const lengths = { metrics: this.#metrics?.length ?? 0, timing: this.#timing?.length ?? 0 };
    writeAtomically(this.#checkpointPath(run), encodeCheckpoint(checkpoint, lengths));
  }

  #checkpointPath({ run, backend, seed }: RunKey): string {
    return this.file('checkpoints', `${run}-${backend}-${seed}.checkpoint`);
  }

  events(): MetricsEvent[] {
    return readEvents(this.file('metrics'));
  }

  writeJson(name: 'settings' | 'summary', value: unknown): void {
    writeAtomically(this.file(name), `${JSON.stringify(value, undefined, 2)}\n`);
  }

  writeText(name: 'report', text: string): void {
    writeAtomically(this.file(name), text);
  }

  close(): void {
    this.#metrics?.close();
    this.#timing?.close();
    this.#metrics = undefined;
    this.#timing = undefined;
  }
}

/** Makes a folder and those above it. Node's own recursive mkdir never returns where a parent answers ENOENT, as /proc does. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  mkdirSync(path);
}
