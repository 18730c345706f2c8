import { command, type Command } from '../command.ts';
import { count, numberFlag, requiredNumber, step } from '../input/numberFlag.ts';
import { readHorizon } from '../input/readHorizon.ts';
import { readMetrics } from '../input/readMetrics.ts';
import { readPlan } from '../input/readPlan.ts';
import { alignedTable } from '../output/alignedTable.ts';
import { sampled, type Sampled } from '../sampled.ts';
import { UsageError } from '../usageError.ts';
import { specArguments } from './specArguments.ts';

/** Prints the values of a schedule or plan, step by step. */
export const sample: Command = command({
  meta: { name: 'sample', description: 'Print the values of a schedule, step by step' },
  args: {
    ...specArguments,
    steps: { type: 'string', description: 'How many steps to print (required)', valueHint: 'number' },
    start: { type: 'string', description: 'First step to print; default 0', valueHint: 'step' },
    metrics: {
      type: 'string',
      description: 'JSON array of number, null (NaN) or {name: number}; element t is reported after update t',
      valueHint: 'file',
    },
    json: { type: 'boolean', description: 'One JSON object, full precision, null for what is not finite' },
    csv: { type: 'boolean', description: 'Comma-separated values with a header' },
  },
  run: async (args, io) => {
    if (args.json === true && args.csv === true) throw new UsageError('--json and --csv exclude each other');
    const steps = requiredNumber('steps', args.steps, count);
    const start = numberFlag('start', args.start, step) ?? 0;
    const plan = await readPlan(args.spec, args.from, readHorizon(args), io);
    const metrics = args.metrics === undefined ? undefined : await readMetrics(args.metrics, io);
    const values = sampled(plan, { start, steps, ...(metrics !== undefined && { metrics }) });
    if (args.json === true) io.out(`${JSON.stringify(values)}\n`);
    else io.out(args.csv === true ? csv(values) : table(values));
    return 0;
  },
});

/** One column for each track; those of a group are named `group.track`. */
function columns({ values, groups = {} }: Sampled): [name: string, values: readonly number[]][] {
  const ofGroups = Object.entries(groups).flatMap(([group, tracks]) =>
    Object.entries(tracks).map(([name, track]): [string, number[]] => [`${group}.${name}`, track]),
  );
  return [...Object.entries(values), ...ofGroups];
}

function csv(sample: Sampled): string {
  const all = columns(sample);
  const rows = Array.from({ length: sample.steps }, (_, i) =>
    [sample.start + i, ...all.map(([, values]) => (Number.isFinite(values[i]) ? values[i] : ''))].join(','),
  );
  return `${['step', ...all.map(([name]) => name)].join(',')}\n${rows.join('\n')}\n`;
}

function table(sample: Sampled): string {
  const all = columns(sample);
  const rows = Array.from({ length: sample.steps }, (_, i) => [
    String(sample.start + i),
    ...all.map(([, values]) => String(Number(values[i]!.toPrecision(6)))),
  ]);
  return alignedTable([['step', ...all.map(([name]) => name)], ...rows]);
}
