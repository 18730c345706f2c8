import { writeFile } from 'node:fs/promises';
import type { Figure } from '@anneal/chart';
import { command, type Command } from '../command.ts';
import { count, numberFlag, requiredNumber, step } from '../input/numberFlag.ts';
import { readHorizon } from '../input/readHorizon.ts';
import { readMetrics } from '../input/readMetrics.ts';
import { readPlan } from '../input/readPlan.ts';
import { sampled } from '../sampled.ts';
import { UsageError } from '../usageError.ts';
import { specArguments } from './specArguments.ts';

/** Draws schedules over their steps. */
export const plot: Command = command({
  meta: { name: 'plot', description: 'Draw schedules in the terminal or as SVG' },
  many: true,
  args: {
    ...specArguments,
    steps: {
      type: 'string',
      description: 'How many steps to draw (required); also what "10%" is a share of',
      valueHint: 'number',
    },
    start: { type: 'string', description: 'First step to draw; default 0', valueHint: 'step' },
    track: {
      type: 'string',
      description: 'What to draw: learningRate, momentum, …',
      valueHint: 'name',
      default: 'learningRate',
    },
    metrics: { type: 'string', description: 'Reports to controllers, as for sample', valueHint: 'file' },
    svg: { type: 'string', description: 'Write the chart to this file instead of the terminal', valueHint: 'file' },
    json: { type: 'boolean', description: 'Print what would be drawn' },
  },
  run: async (args, io) => {
    const steps = requiredNumber('steps', args.steps, count);
    const start = numberFlag('start', args.start, step) ?? 0;
    const metrics = args.metrics === undefined ? undefined : await readMetrics(args.metrics, io);
    const horizon = { totalSteps: start + steps, ...readHorizon(args) };
    const samples = [];
    for (const spec of args._) {
      const plan = await readPlan(spec, args.from, horizon, io);
      samples.push({
        name: nameOf(spec),
        ...sampled(plan, { start, steps, ...(metrics !== undefined && { metrics }) }),
      });
    }
    if (args.json === true) {
      io.out(`${JSON.stringify(samples)}\n`);
      return 0;
    }
    const lines = samples.flatMap(({ name, values, groups = {} }) => [
      { name, values: (values as Record<string, number[]>)[args.track] },
      ...Object.entries(groups).map(([group, tracks]) => ({
        name: `${name}, ${group}`,
        values: (tracks as Record<string, number[]>)[args.track],
      })),
    ]);
    const drawn = lines.flatMap(({ name, values }) => (values === undefined ? [] : [{ name, values }]));
    if (drawn.length === 0) throw new UsageError(`--track ${args.track}: no plan here has such a track`);
    const figure = figureOf(drawn, args.track, start);
    if (args.svg === undefined) {
      const { terminalFigure } = await import('@anneal/chart/terminal');
      io.out(terminalFigure(figure, io));
    } else await writeSvg(args.svg, figure);
    return 0;
  },
});

function figureOf(
  lines: readonly { readonly name: string; readonly values: readonly number[] }[],
  track: string,
  start: number,
): Figure {
  const unit = track === 'learningRate' ? 'rate' : 'number';
  return {
    title: track,
    x: { label: 'step', unit: 'step' },
    y: { label: 'value', unit },
    marks: apart(lines.map(({ name }) => name)).map((name, i) => {
      const { values } = lines[i]!;
      return { mark: 'line', name, x: values.map((_, step) => start + step), y: values };
    }),
  };
}

/** Names that differ: lines of one name would share their colour. */
const apart = (names: readonly string[]): readonly string[] =>
  names.map((name, i) => {
    const before = names.slice(0, i).filter((one) => one === name).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  });

async function writeSvg(path: string, figure: Figure): Promise<void> {
  const { figureSvg } = await import('@anneal/chart/svg');
  try {
    await writeFile(path, figureSvg(figure, { colors: 'own' }));
  } catch (cause) {
    throw new UsageError(`--svg ${path}: cannot be written (${(cause as { code?: string }).code ?? 'unknown error'})`, {
      cause,
    });
  }
}

/** A short name for a line: the file's, or the type inside inline JSON. */
function nameOf(spec: string): string {
  if (!spec.trimStart().startsWith('{')) return spec === '-' ? 'standard input' : spec;
  const json = JSON.parse(spec) as Readonly<Record<string, unknown>>;
  const names = ['type', 'name', 'class_name', 'lr_scheduler_type'].map((key) => json[key]);
  return names.find((name) => typeof name === 'string') ?? 'plan';
}
