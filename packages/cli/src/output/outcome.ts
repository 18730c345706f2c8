import { formatNumber } from '@anneal/chart';
import type { Summary, Task } from '@anneal/lab';
import type { StudyDirectory } from '@anneal/lab/node';
import { alignedTable } from './alignedTable.ts';

type MeasureName = (split: 'test', metric: string) => string;

/** What is printed after training: a table, how far the backends are apart, where the files are. */
export function outcome(
  summary: Summary,
  { note, metrics: [judge] }: Pick<Task, 'note' | 'metrics'>,
  directory: StudyDirectory,
  measureName: MeasureName,
  columns: number,
): string {
  const { runs, differences, controlRate } = summary;
  const rows = runs.map((one) => [
    one.run,
    one.backend,
    formatNumber(one[measureName('test', judge.name)] as number | null, judge.unit),
    one.finalLoss === null ? 'none' : one.finalLoss.toPrecision(3),
    Math.round(one.stepsPerSecond).toLocaleString('en-US'),
    one.stopped === null ? `${one.steps} steps` : `${one.stopped} after ${one.steps} steps`,
  ]);
  const judged = judge.name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const lines = [
    '',
    alignedTable([['run', 'backend', `test ${judged}`, 'final loss', 'steps/s', 'ended'], ...rows]),
    ...runs.flatMap(({ run, backend, reason }) =>
      reason === null ? [] : [folded(`${run} on ${backend}: ${reason}`, columns)],
    ),
    ...differences.map(
      ({ run, backends: [a, b], learningRate, loss }) =>
        `${run}: between ${a} and ${b}\n  the applied rate differs by at most ${short(learningRate)}, the loss by at most ${short(loss)}`,
    ),
    ...(controlRate === null
      ? []
      : [`control: the constant rate ${short(controlRate)} from the same weights and batches`, folded(note, columns)]),
    '',
    ...(['report', 'summary', 'metrics', 'timing', 'checkpoints'] as const).map((name) => `  ${directory.file(name)}`),
  ];
  return `${lines.join('\n')}\n`;
}

const short = (value: number): string => (value === 0 ? '0' : String(Number(value.toPrecision(2))));

/** A sentence in lines of so many columns, the second and all after it indented. */
function folded(sentence: string, columns: number): string {
  const lines = [''];
  for (const word of sentence.split(' ')) {
    const line = lines.at(-1)!;
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= columns) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines.join('\n');
}
