import type { MetricsEvent, MetricsSink, Setup, TimingEvent } from '@anneal/lab';
import type { Io } from '../io.ts';

/** Watches a training run. */
export interface Progress extends MetricsSink {
  time(event: TimingEvent): void;
  /** Leaves the bar's line. */
  end(): void;
}

const widestBar = 24;
const narrowestBar = 6;
/** A terminal shows no more than this many changes a second. */
const redrawMilliseconds = 50;

/** A bar that is redrawn on a terminal, elsewhere a plain line every tenth of a run. */
export function progress(io: Io, { totalSteps, stepsPerEpoch }: Pick<Setup, 'totalSteps' | 'stepsPerEpoch'>): Progress {
  const lineSteps = Math.max(1, Math.round(totalSteps / stepsPerEpoch / 10)) * stepsPerEpoch;
  let key = '';
  let accuracy: number | null | undefined;
  let timed = { milliseconds: 0, updates: 0 };
  let last: Parts | undefined;
  let width = 0;
  let drawn = 0;

  const draw = (parts: Parts): void => {
    const line = barLine(parts, totalSteps, io.columns - 1);
    io.err(`\r${line.padEnd(width)}`);
    width = line.length;
    drawn = performance.now();
  };
  const leave = (): void => {
    if (io.terminal && last !== undefined) {
      draw(last);
      io.err('\n');
    }
    [last, width] = [undefined, 0];
  };

  return {
    write(events: readonly MetricsEvent[]): void {
      for (const event of events) {
        const now = `${event.run} on ${event.backend}`;
        if (now !== key) {
          leave();
          [key, accuracy, timed] = [now, undefined, { milliseconds: 0, updates: 0 }];
        }
        if (event.event === 'evaluation') {
          if (event.split === 'validation') accuracy = event.metrics['accuracy'];
          if (last !== undefined) last = { ...last, accuracy };
          continue;
        }
        const speed = timed.updates > 0 ? (1000 * timed.updates) / timed.milliseconds : undefined;
        last = {
          name: now,
          done: event.step + 1,
          rate: event.values['learningRate']!,
          loss: event.loss,
          accuracy,
          speed,
        };
        if (!io.terminal && (last.done % lineSteps === 0 || last.done === totalSteps))
          io.err(`${[now, ...fields(last, totalSteps)].join(', ')}\n`);
      }
      if (io.terminal && last !== undefined && performance.now() - drawn > redrawMilliseconds) draw(last);
    },
    time({ milliseconds, updates }): void {
      timed = { milliseconds: timed.milliseconds + milliseconds, updates: timed.updates + updates };
    },
    end: leave,
  };
}

interface Parts {
  readonly name: string;
  readonly done: number;
  readonly rate: number;
  readonly loss: number;
  readonly accuracy: number | null | undefined;
  readonly speed: number | undefined;
}

/** What is said about a step, the dispensable last. */
function fields({ done, rate, loss, accuracy, speed }: Parts, totalSteps: number): string[] {
  return [
    `step ${done}/${totalSteps}`,
    `learning rate ${short(rate)}`,
    `loss ${short(loss)}`,
    ...(speed === undefined ? [] : [`${Math.round(speed).toLocaleString('en-US')} steps/s`]),
    ...(typeof accuracy === 'number' ? [`validation ${(100 * accuracy).toFixed(1)} %`] : []),
  ];
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
  return value !== 0 && value < 1e-3 ? value.toExponential(2) : String(Number(value.toPrecision(3)));
}
