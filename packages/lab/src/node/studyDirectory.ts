import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { LabError } from '../labError.ts';
import { keyText, rowOf, runKey, type MetricsRow, type RunKey, type TimingRow } from '../report/metricsRow.ts';
import { decodeCheckpoint, encodeCheckpoint, extraOf } from '../trials/checkpoint.ts';
import type { TrainingEvent } from '../trials/events.ts';
import type { Trial } from '../trials/trial.ts';
import { trialId } from '../trials/trialId.ts';
import type { TrialResult } from '../trials/trialResult.ts';
import { EventFile, readEvents } from './eventFile.ts';
import { writeAtomically } from './writeAtomically.ts';

/** What a study's folder holds: `settings` says for which study, `trials` what it was told. */
const names = {
  settings: 'run.json',
  trials: 'trials.jsonl',
  metrics: 'metrics.jsonl',
  timing: 'timing.jsonl',
  summary: 'summary.json',
  report: 'report.html',
  checkpoints: 'checkpoints',
} as const;

/** Lines written for one run. */
interface Lines {
  metrics: number;
  timing: number;
}

/** A folder that a study writes to. Only files of the names above are ever replaced or removed. */
export class StudyDirectory {
  readonly path: string;
  #metrics: EventFile<MetricsRow> | undefined;
  #timing: EventFile<TimingRow> | undefined;
  /** By the text of a run's key. */
  readonly #lines = new Map<string, Lines>();
  readonly #trials = new Map<string, Trial>();

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

  /** Reads the settings under which an earlier command began. */
  settings(): unknown {
    if (!existsSync(this.file('settings')))
      throw new LabError('files', `there is nothing to resume in ${this.path}: it has no ${names.settings}`);
    return JSON.parse(readFileSync(this.file('settings'), 'utf8'));
  }

  /** Removes what an earlier command left here and notes the settings of the one that begins. */
  begin(settings: unknown, trials: readonly Trial[]): void {
    for (const name of ['settings', 'trials', 'metrics', 'timing', 'summary', 'report'] as const)
      rmSync(this.file(name), { force: true });
    for (const name of readdirSync(this.file('checkpoints')))
      if (/\.(checkpoint|tmp)$/.test(name)) rmSync(this.file('checkpoints', name));
    this.writeJson('settings', settings);
    this.#know(trials);
    this.#open(0, 0);
  }

  /**
   * Goes on where an earlier command ended: gives back what it was told of these trials, and cuts the event files to it
   * and to the checkpoints of those that have not ended.
   */
  resume(settings: unknown, trials: readonly Trial[]): readonly TrialResult[] {
    this.#know(trials);
    const told = this.told();
    // Whole lines alone: a process that was killed may have left half of one.
    writeAtomically(this.file('trials'), told.map((result) => `${JSON.stringify(result)}\n`).join(''));
    const kept = new Map<string, Lines>();
    const ended = new Set(told.map(({ id }) => id));
    for (const trial of trials) {
      const path = this.#checkpointPath(trial);
      const lines = ended.has(trialId(trial))
        ? undefined
        : existsSync(path)
          ? extraOf(readFileSync(path))
          : this.#linesOfParent(trial);
      kept.set(keyText(runKey(trial)), {
        metrics: lines?.['metrics'] ?? Infinity,
        timing: lines?.['timing'] ?? Infinity,
      });
    }
    this.writeJson('settings', settings);
    rmSync(this.file('summary'), { force: true });
    rmSync(this.file('report'), { force: true });
    const lengths = (['metrics', 'timing'] as const).map((name) => this.#cut(name, kept));
    this.#open(lengths[0]!, lengths[1]!);
    return told;
  }

  /** A trial that goes on from another's keeps the lines up to there; any other that has no checkpoint keeps none. */
  #linesOfParent({ from }: Trial): Readonly<Record<string, number>> {
    const parent = from === undefined ? undefined : this.#pathOf(from.trial);
    return parent === undefined ? { metrics: 0, timing: 0 } : extraOf(readFileSync(parent));
  }

  /** Rewrites an event file without the lines of a run beyond so many; returns its length in bytes. */
  #cut(name: 'metrics' | 'timing', kept: ReadonlyMap<string, Lines>): number {
    const path = this.file(name);
    const counts = new Map<string, number>();
    const rows = existsSync(path) ? readEvents<RunKey>(path) : [];
    const lines = rows.filter((row) => {
      const key = keyText(row);
      const count = counts.get(key) ?? 0;
      if (count >= (kept.get(key)?.[name] ?? 0)) return false;
      counts.set(key, count + 1);
      return true;
    });
    for (const [key, count] of counts) this.#linesOf(key)[name] = count;
    const text = lines.map((row) => `${JSON.stringify(row)}\n`).join('');
    writeAtomically(path, text);
    return new TextEncoder().encode(text).length;
  }

  #know(trials: readonly Trial[]): void {
    for (const trial of trials) this.#trials.set(trialId(trial), trial);
  }

  #linesOf(key: string): Lines {
    const lines = this.#lines.get(key) ?? { metrics: 0, timing: 0 };
    this.#lines.set(key, lines);
    return lines;
  }

  #open(metrics: number, timing: number): void {
    this.#metrics = new EventFile(this.file('metrics'), metrics);
    this.#timing = new EventFile(this.file('timing'), timing);
  }

  /** Which run a trial of this study is. */
  keyOf(id: string): RunKey {
    return runKey(this.#trials.get(id)!);
  }

  /** Writes what happened in a trial; returns it as lines. */
  write(id: string, events: readonly TrainingEvent[]): readonly (MetricsRow | TimingRow)[] {
    const key = this.keyOf(id);
    const lines = this.#linesOf(keyText(key));
    const rows = events.map((event) => rowOf(event, key)) as (MetricsRow | TimingRow)[];
    const metrics = rows.filter((row): row is MetricsRow => row.event !== 'timing');
    const timing = rows.filter((row): row is TimingRow => row.event === 'timing');
    this.#metrics?.append(metrics);
    this.#timing?.append(timing);
    lines.metrics += metrics.length;
    lines.timing += timing.length;
    return rows;
  }

  /** Keeps a checkpoint, after the events that it stands on. */
  checkpoint(id: string, file: Uint8Array): void {
    this.#sync();
    const lines = this.#linesOf(keyText(this.keyOf(id)));
    writeAtomically(
      this.#checkpointPath(this.#trials.get(id)!),
      encodeCheckpoint(decodeCheckpoint(file), { ...lines }),
    );
  }

  /** The checkpoint of a trial, if there is one. */
  restore(id: string): Uint8Array | undefined {
    const path = this.#pathOf(id);
    return path === undefined ? undefined : readFileSync(path);
  }

  /** Notes how a trial ended, after everything that it stands on. */
  tell(result: TrialResult): void {
    this.#sync();
    appendFileSync(this.file('trials'), `${JSON.stringify(result)}\n`);
    const file = openSync(this.file('trials'), 'r+');
    fsyncSync(file);
    closeSync(file);
  }

  /** How the trials of this study ended so far. */
  told(): readonly TrialResult[] {
    if (!existsSync(this.file('trials'))) return [];
    return readEvents<TrialResult>(this.file('trials')).filter(({ id }) => this.#trials.has(id));
  }

  rows(): MetricsRow[] {
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

  #sync(): void {
    this.#metrics?.sync();
    this.#timing?.sync();
  }

  /** Named for people, with the beginning of the identity for programs. */
  #checkpointPath(trial: Trial): string {
    const { label, backend, seed } = trial;
    return this.file('checkpoints', `${label}-${backend}-${seed}-${trialId(trial).slice(0, 8)}.checkpoint`);
  }

  #pathOf(id: string): string | undefined {
    const name = readdirSync(this.file('checkpoints')).find((file) => file.endsWith(`-${id.slice(0, 8)}.checkpoint`));
    return name === undefined ? undefined : this.file('checkpoints', name);
  }
}

/** Makes a folder and those above it. Node's own recursive mkdir never returns where a parent answers ENOENT, as /proc does. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  mkdirSync(path);
}
