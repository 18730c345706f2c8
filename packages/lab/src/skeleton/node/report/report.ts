import { figureStyle, type Figure } from '@anneal/chart';
import { figureSvg } from '@anneal/chart/svg';
import { sizeOf } from '../../data/batch.ts';
import { taskNamed } from '../../tasks/tasks.ts';
import type { MetricsEvent } from '../../training/events.ts';
import type { Summary } from '../../training/summary.ts';
import { curves } from './curves.ts';
import { escape } from './escape.ts';
import { differenceTable, resultTable, settingsTable } from './tables.ts';
import { style } from './style.ts';

/** The report of a training command as one HTML page that loads nothing: curves, table, schedule, how to run it again. */
export function report(summary: Summary, events: readonly MetricsEvent[]): string {
  const { task, backends, stepsPerEpoch, controlRate } = summary;
  const validation = (name: string) => (event: MetricsEvent) =>
    event.event === 'evaluation' && event.split === 'validation' ? event.metrics[name] : undefined;
  const rates = curves(events, (event) => (event.event === 'step' ? event.values['learningRate'] : undefined));
  const losses = curves(events, (event) => (event.event === 'step' ? event.loss : undefined), stepsPerEpoch);
  const title = `${task}: one schedule on ${backends.join(' and ')}`;
  const control =
    controlRate === null
      ? ''
      : ` Beside it a control: the constant rate ${controlRate} from the same weights and batches.`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>
${figureStyle()}
${style}
</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
<p class="lead">The same initial weights, batches and learning rates on every backend.${escape(control)} A broad pale line is ${escape(backends[0] ?? '')}${backends.length > 1 ? '; the thin line on it is ' + escape(backends.slice(1).join(', ')) : ''}: where they coincide, the backends agree.</p>
${resultTable(summary)}
${differenceTable(summary)}
${note(summary)}
${figure('as each backend applied it, read back from the framework', {
  title: 'Learning rate',
  x: steps,
  y: { label: 'learning rate', unit: 'rate' },
  marks: rates,
})}
${figure(`softmax cross entropy, mean over the last ${stepsPerEpoch} steps (an epoch), logarithmic`, {
  title: 'Training loss',
  x: steps,
  y: { label: 'loss', unit: 'nats', type: 'log' },
  marks: losses,
})}
${figure('before the first update and after each epoch, logarithmic', {
  title: 'Validation loss',
  x: steps,
  y: { label: 'loss', unit: 'nats', type: 'log' },
  marks: curves(events, validation('loss')),
})}
${figure('share of examples read right', {
  title: 'Validation accuracy',
  x: steps,
  y: { label: 'accuracy', unit: 'share', domain: [0, 1] },
  marks: curves(events, validation('accuracy')),
})}
<h2>Schedule</h2>
<p>As it was given:</p>
<pre>${escape(JSON.stringify(summary.schedule, undefined, 2))}</pre>
<p>Resolved to this run of ${summary.totalSteps} steps:</p>
<pre>${escape(JSON.stringify(summary.plan, undefined, 2))}</pre>
<h2>Run it again</h2>
${settingsTable(summary)}
<pre>${escape(commandLine(summary))}</pre>
<p>The same settings give the same numbers in <code>metrics.jsonl</code>; only the times differ.</p>
</main>
</body>
</html>
`;
}

/** What a reader of this task's numbers has to know. */
function note({ task, controlRate }: Summary): string {
  const known = taskNamed(task);
  const examples = sizeOf(known.splits().test);
  const unit = `One of the ${examples} test examples is ${(100 / examples).toFixed(2)} % of accuracy.`;
  return `<p>${escape(controlRate === null ? unit : `${known.note} ${unit}`)}</p>`;
}

const steps = { label: 'step', unit: 'step' } as const;

/** A figure twice, for a wide page and for a phone; the style shows one of them. */
function figure(note: string, drawn: Figure): string {
  const wide = figureSvg(drawn, { width: 760, height: 320, title: false });
  const narrow = figureSvg(drawn, { width: 350, height: 330, title: false });
  return `<figure><figcaption><h2>${escape(drawn.title)}</h2> <span>${escape(note)}</span></figcaption><div class="wide">${wide}</div><div class="narrow">${narrow}</div></figure>`;
}

function commandLine(summary: Summary): string {
  const { task, backends, optimizer, epochs, batchSize, seed, schedule, controlRate, patience } = summary;
  const words = [
    `anneal train --task ${task} --backend ${backends.join(',')} --optimizer ${optimizer}`,
    `--epochs ${epochs} --batch-size ${batchSize} --seed ${seed}`,
    `--schedule '${JSON.stringify(schedule)}'`,
    ...(controlRate === null ? [] : [`--control --control-rate ${controlRate}`]),
    ...(patience === null ? [] : [`--patience ${patience}`]),
    `--out runs/${task}`,
  ];
  return words.join(' \\\n  ');
}
