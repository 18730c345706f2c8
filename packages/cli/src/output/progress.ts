import type { MetricsRow, TimingRow } from '@anneal/lab';
import type { Io } from '../io.ts';
import { timeLeft, type Work } from './timeLeft.ts';

/** Watches training runs. */
export interface Progress {
  write(rows: readonly (MetricsRow | TimingRow)[]): void;
  /** Leaves the bar's line. */
  end(): void;
}

const widestBar = 24;
const narrowestBar = 6;
/** A terminal shows no more than this many changes a second. */
const redrawMilliseconds = 50;

/** A bar that is redrawn on a terminal, elsewhere a plain line every tenth of a run. */
export function progress(io: Io, work: Work): Progress {
  const { totalSteps, stepsPerEpoch } = work;
  const lineSteps = Math.max(1, Math.round(totalSteps / stepsPerEpoch / 10)) * stepsPerEpoch;
  const left = timeLeft(work);
  let key = '';
  let measured: Parts['measured'];
  let last: Parts | undefined;
  let width = 0;
  let drawn = 0;
  /** Whether the last step is owed a plain line, which waits for a validation of the same weights. */
  let owed = false;

  const tell = (): void => {
    if (owed && last !== undefined) io.err(`${[last.name, ...fields(last, totalSteps)].join(', ')}\n`);
    owed = false;
  };
  const draw = (parts: Parts): void => {
    const line = barLine(parts, totalSteps, io.columns - 1);
    io.err(`\r${line.padEnd(width)}`);
    width = line.length;
    drawn = performance.now();
  };
  const leave = (): void => {
    tell();
    if (io.terminal && last !== undefined) {
      draw(last);
      io.err('\n');
    }
    [last, width] = [undefined, 0];
  };

  return {
    write(rows): void {
      for (const row of rows) {
        const now = `${row.run} on ${row.backend}`;
        if (now !== key) {
          leave();
          [key, measured] = [now, undefined];
        }
        if (row.event === 'timing') left.took(row);
        else if (row.event === 'evaluation') {
          if (row.split === 'validation') measured = judgeOf(row.metrics);
          if (row.split === 'validation' && last !== undefined) last = { ...last, measured };
        } else if (row.event === 'rollback') {
          tell();
          if (!io.terminal)
            io.err(
              `${now}: the loss at step ${row.step} is not finite; back to step ${row.to} at ${row.factor} times the rate\n`,
            );
        } else {
          tell();
          const { speed, seconds } = left.after(row);
          const { learningRate: rate } = row.values;
          last = { name: now, done: row.step + 1, rate, loss: row.loss, measured, speed, seconds };
          owed = !io.terminal && (last.done % lineSteps === 0 || last.done === totalSteps);
        }
      }
      if (io.terminal && last !== undefined && performance.now() - drawn > redrawMilliseconds) draw(last);
    },
    end: leave,
  };
}

interface Parts {
  readonly name: string;
  readonly done: number;
  readonly rate: number;
  readonly loss: number;
  /** Of the last validation: the metric that is told, and its value. */
  readonly measured: { readonly name: string; readonly value: number } | undefined;
  /** Updates per second. */
  readonly speed: number | undefined;
  /** Left of the whole command. */
  readonly seconds: number | undefined;
}

/** The metric that a person watches: the first that is not the loss. */
function judgeOf(metrics: Readonly<Record<string, number | null>>): Parts['measured'] {
  const [name, value] = Object.entries(metrics).find(([one]) => one !== 'loss') ?? ['loss', metrics['loss']];
  return typeof value === 'number' ? { name, value } : undefined;
}

/** What is said about a step, the dispensable last. */
function fields({ done, rate, loss, measured, speed, seconds }: Parts, totalSteps: number): string[] {
  return [
    `step ${done}/${totalSteps}`,
    `learning rate ${short(rate)}`,
    `loss ${short(loss)}`,
    ...(seconds === undefined ? [] : [`${duration(seconds)} left`]),
    ...(measured === undefined ? [] : [validation(measured)]),
    ...(speed === undefined ? [] : [`${Math.round(speed).toLocaleString('en-US')} steps/s`]),
  ];
}

const validation = ({ name, value }: { readonly name: string; readonly value: number }): string =>
  name === 'accuracy' ? `validation ${(100 * value).toFixed(1)} %` : `validation ${short(value)}`;

/** `7 s`, `3 min`, `2 h`: whole, rounded up. */
function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  return seconds < 3600 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** The line with as much of a bar, and of the fields, as fits; the learning rate is called rate where it is narrow. */
function barLine(parts: Parts, totalSteps: number, columns: number): string {
  let shown = fields(parts, totalSteps);
  const room = (): number => columns - parts.name.length - 2 - shown.join('  ').length;
  if (room() < narrowestBar) shown = shown.map((field) => field.replace('learning rate', 'rate'));
  while (room() < narrowestBar && shown.length > 4) shown.pop();
  const width = Math.max(0, Math.min(widestBar, room()));
  const filled = Math.round((width * parts.done) / totalSteps);
  const line = `${parts.name} ${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${shown.join('  ')}`;
  return line.slice(0, columns);
}

/** Three digits. */
function short(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(2) : String(Number(value.toPrecision(3)));
}
