import type { Summary, Task } from '@anneal/lab';
import type { RunDirectory } from '@anneal/lab/node';
import { alignedTable } from './alignedTable.ts';

/** What is printed after training: a table, how far the backends are apart, where the files are. */
export function outcome(summary: Summary, { note }: Pick<Task, 'note'>, directory: RunDirectory): string {
  const { runs, differences, controlRate } = summary;
  const rows = runs.map((one) => [
    one.run,
    one.backend,
    `${(100 * one.testAccuracy).toFixed(1)} %`,
    one.finalLoss === null ? 'none' : one.finalLoss.toPrecision(3),
    Math.round(one.stepsPerSecond).toLocaleString('en-US'),
    one.stopped === null ? `${one.steps} steps` : `${one.stopped} after ${one.steps} steps`,
  ]);
  const lines = [
    '',
    alignedTable([['run', 'backend', 'test accuracy', 'final loss', 'steps/s', 'ended'], ...rows]),
    ...differences.map(
      ({ run, backends: [a, b], learningRate, loss }) =>
        `${run}: between ${a} and ${b} the applied rate differs by at most ${short(learningRate)}, the loss by at most ${short(loss)}`,
    ),
    ...(controlRate === null
      ? []
      : [`control: the constant rate ${short(controlRate)} from the same weights and batches`]),
    ...(controlRate === null ? [] : [note]),
    '',
    ...(['report', 'summary', 'metrics', 'timing', 'checkpoints'] as const).map((name) => `  ${directory.file(name)}`),
  ];
  return `${lines.join('\n')}\n`;
}

const short = (value: number): string => (value === 0 ? '0' : String(Number(value.toPrecision(2))));
