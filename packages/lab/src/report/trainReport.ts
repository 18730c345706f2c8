import { formatNumber, type LineMark, type NumberScale } from '@anneal/chart';
import type { Metric } from '../metrics/metric.ts';
import type { Task } from '../tasks/task.ts';
import { commandLine, type CommandWords } from './commandLine.ts';
import { curves } from './curves.ts';
import type { MetricsRow } from './metricsRow.ts';
import { inWords, small } from './numbers.ts';
import type { Report, Section } from './report.ts';
import { measureName, type Summary } from './summary.ts';

/** The report of a training command: results, how far backends are apart, curves, the schedule, how to run it again. */
export function trainReport(
  summary: Summary,
  rows: readonly MetricsRow[],
  task: Task,
  { examples, ...words }: CommandWords & { readonly examples: number },
): Report {
  const { backends, controlRate, stepsPerEpoch } = summary;
  const [first = '', ...others] = backends;
  const control =
    controlRate === null
      ? ''
      : ` Beside it a control: the constant rate ${formatNumber(controlRate, 'rate')} from the same weights and batches.`;
  const styles =
    others.length === 0
      ? ''
      : ` A broad pale line is ${first}; the thin line on it is ${others.join(', ')}: where they coincide, the backends agree.`;
  const rates = curves(rows, (row) => (row.event === 'step' ? row.values.learningRate : undefined));
  const losses = curves(rows, (row) => (row.event === 'step' ? row.loss : undefined), stepsPerEpoch);
  return {
    title: `${task.name}: one schedule on ${backends.join(' and ')}`,
    sections: [
      {
        kind: 'text',
        markdown: `The same initial weights, batches and learning rates on every backend.${control}${styles}`,
      },
      resultTable(summary, task),
      ...differenceTable(summary),
      { kind: 'text', markdown: note(summary, task, examples) },
      figure('Learning rate', 'as each backend applied it, read back from the framework', rates, {
        label: 'learning rate',
        unit: 'rate',
      }),
      figure('Training loss', `of each update, mean over the last ${stepsPerEpoch} steps (an epoch)`, losses, {
        label: 'loss',
        unit: 'nats',
        type: scaleFor(losses),
      }),
      ...measuresOf(task).map(([name, metric]) => validationFigure(name, metric, rows)),
      ...scheduleSections(summary),
      ...continuationText(words),
    ],
    command: commandLine(summary, words),
  };
}

/** What is measured: the loss first where the task has it, then its metrics. */
const measuresOf = ({ metrics, lossMetric }: Task): readonly (readonly [string, Metric])[] => [
  ...(lossMetric === undefined ? [] : [['loss', lossMetric] as const]),
  ...metrics.map((metric) => [metric.name, metric] as const),
];

function resultTable({ runs }: Summary, task: Task): Section {
  // The judge first, then the loss and the rest.
  const [judge] = task.metrics;
  const measures = measuresOf(task).toSorted(([a], [b]) => Number(b === judge.name) - Number(a === judge.name));
  return {
    kind: 'table',
    caption: '',
    head: ['run', 'backend', ...measures.map(([name]) => `test ${inWords(name)}`), 'final loss', 'ended', 'steps/s'],
    rows: runs.map((one) => [
      one.run,
      one.backend,
      ...measures.map(([name, { unit }]) => formatNumber(one[measureName('test', name)] as number | null, unit)),
      formatNumber(one.finalLoss, 'nats'),
      one.stopped ?? `${one.steps} steps`,
      Math.round(one.stepsPerSecond).toLocaleString('en-US'),
    ]),
  };
}

function differenceTable({ differences }: Summary): readonly Section[] {
  if (differences.length === 0) return [];
  return [
    {
      kind: 'table',
      caption: 'Between the backends, the largest difference at one step:',
      head: ['run', 'between', 'steps', 'applied rate', 'loss'],
      rows: differences.map(({ run, backends, steps, learningRate, loss }) => [
        run,
        backends.join(' and '),
        String(steps),
        small(learningRate),
        small(loss),
      ]),
    },
  ];
}

/** What a reader of this task's numbers has to know. */
function note({ controlRate }: Summary, task: Task, examples: number): string {
  const share = task.metrics.find(({ unit }) => unit === 'share');
  const unit =
    share === undefined || examples === 0
      ? ''
      : `One of the ${examples.toLocaleString('en-US')} test examples is ${(100 / examples).toFixed(2)} % of ${inWords(share.name)}.`;
  return [...(controlRate === null ? [] : [task.note]), unit].join(' ');
}

function validationFigure(name: string, { unit, goal }: Metric, rows: readonly MetricsRow[]): Section {
  const marks = curves(rows, (row) =>
    row.event === 'evaluation' && row.split === 'validation' ? row.metrics[name] : undefined,
  );
  const caption = unit === 'share' ? 'share of examples' : goal === 'min' ? 'less is better' : 'more is better';
  return figure(`Validation ${inWords(name)}`, caption, marks, {
    label: inWords(name),
    unit,
    ...(unit === 'share' && { domain: [0, 1] }),
    ...(unit !== 'share' && goal === 'min' && { type: scaleFor(marks) }),
  });
}

/** Logarithmic where every number can stand there. */
const scaleFor = (marks: readonly LineMark[]): 'log' | 'linear' =>
  marks.every(({ y }) => Array.from(y).every((value) => value === null || !Number.isFinite(value) || value > 0))
    ? 'log'
    : 'linear';

function figure(title: string, caption: string, marks: readonly LineMark[], y: NumberScale): Section {
  return {
    kind: 'figure',
    caption: y.type === 'log' ? `${caption}, logarithmic` : caption,
    figure: { title, x: { label: 'step', unit: 'step' }, y, marks },
  };
}

function scheduleSections(summary: Summary): readonly Section[] {
  const json = (value: unknown): string => `\`\`\`\n${JSON.stringify(value, undefined, 2)}\n\`\`\``;
  const { optimizer, epochs, batchSize, totalSteps, seed } = summary;
  return [
    {
      kind: 'text',
      markdown: `## Schedule\n\nAs it was given:\n\n${json(summary.schedule)}\n\nResolved to this run of ${totalSteps} steps:\n\n${json(summary.plan)}`,
    },
    {
      kind: 'table',
      caption: 'Settings',
      head: ['optimizer', 'epochs', 'batch size', 'steps', 'seed'],
      rows: [[optimizer, String(epochs), String(batchSize), String(totalSteps), String(seed)]],
    },
  ];
}

/** What has to stand there before the command can make the same again. */
function continuationText({ from }: CommandWords): readonly Section[] {
  if (from === undefined) return [];
  const what =
    from.cooldown === undefined
      ? 'an earlier run in its folder; the command below goes on from there once the earlier run stands in the folder again'
      : 'the checkpoint that the command below names';
  return [{ kind: 'text', markdown: `It went on after ${from.step} updates of ${what}.` }];
}
