import type { ArgsDef } from 'citty';
import { command, type Command } from '../command.ts';
import { count, numberFlag, positive, seed } from '../input/numberFlag.ts';
import { readJson } from '../input/readText.ts';
import { progress } from '../output/progress.ts';
import { outcome } from '../output/outcome.ts';
import { UsageError } from '../usageError.ts';

const args = {
  task: { type: 'string', description: 'What to learn: digits', valueHint: 'name', default: 'digits' },
  backend: {
    type: 'string',
    description: 'tfjs (WebAssembly), tfjs-cpu, onnxruntime-web; several with commas',
    valueHint: 'names',
    default: 'tfjs,onnxruntime-web',
  },
  schedule: {
    type: 'string',
    description: 'Schedule or plan: a path, -, or inline JSON; default linear warm-up (10%), then cosine decay',
    valueHint: 'spec',
  },
  optimizer: {
    type: 'string',
    description: "sgd, momentum, rmsprop, adam or adamw; default the task's",
    valueHint: 'name',
  },
  'learning-rate': {
    type: 'string',
    description: "Peak of the default schedule; default the task's",
    valueHint: 'rate',
  },
  epochs: { type: 'string', description: "Passes over the training data; default the task's", valueHint: 'number' },
  'batch-size': { type: 'string', description: "Examples in a batch; default the task's", valueHint: 'number' },
  seed: { type: 'string', description: 'Draws weights and batches; default 1', valueHint: 'number' },
  control: { type: 'boolean', description: 'Also train a constant rate from the same weights and batches' },
  'control-rate': {
    type: 'string',
    description: "The control's rate; default the schedule's largest",
    valueHint: 'rate',
  },
  patience: {
    type: 'string',
    description: 'Stop after so many epochs without a lower validation loss, and take the best weights',
    valueHint: 'number',
  },
  out: { type: 'string', description: 'Folder to write to; default runs/<task>', valueHint: 'folder' },
  resume: { type: 'boolean', description: 'Go on where the same command was interrupted' },
  'checkpoint-steps': {
    type: 'string',
    description: 'Updates between checkpoints; default one epoch',
    valueHint: 'number',
  },
  json: { type: 'boolean', description: 'Print the summary as JSON' },
} as const satisfies ArgsDef;

/** Trains a task under a schedule, on one backend after the other. */
export const train: Command = command({
  meta: { name: 'train', description: 'Train a task under a schedule on one or more backends' },
  args,
  run: async (args, io) => {
    const { createSetup, defaultSchedule, optimizerNamed, peakRate, taskNamed } = await import('@anneal/lab');
    const { trainRuns } = await import('@anneal/lab/node');
    const { parsePlan } = await import('@anneal/compat');

    const task = taskNamed(args.task);
    const optimizer = optimizerNamed(args.optimizer ?? task.defaults.optimizer);
    const rate = numberFlag('learning-rate', args['learning-rate'], positive);
    if (rate !== undefined && args.schedule !== undefined)
      throw new UsageError(
        '--learning-rate is the peak of the default schedule; with --schedule the rate stands in the schedule',
      );
    const schedule =
      args.schedule === undefined
        ? defaultSchedule(rate ?? task.defaults.learningRates[optimizer])
        : await readJson(args.schedule, '{', io);
    const controlRate = numberFlag('control-rate', args['control-rate'], positive);
    if (controlRate !== undefined && args.control !== true) throw new UsageError('--control-rate needs --control');

    const setup = createSetup({
      task,
      optimizer,
      seed: numberFlag('seed', args.seed, seed) ?? 1,
      epochs: numberFlag('epochs', args.epochs, count) ?? task.defaults.epochs,
      batchSize: numberFlag('batch-size', args['batch-size'], count) ?? task.defaults.batchSize,
    });
    const plan = parsePlan(schedule, setup.horizon);
    const settings = {
      version: 1,
      task: task.name,
      backends: backendsIn(args.backend),
      optimizer,
      epochs: setup.epochs,
      batchSize: setup.batchSize,
      seed: setup.seed,
      schedule,
      controlRate: args.control === true ? (controlRate ?? peakRate(plan, setup)) : null,
      patience: numberFlag('patience', args.patience, count) ?? null,
    } as const;

    const out = args.out ?? `runs/${task.name}`;
    const checkpointSteps = numberFlag('checkpoint-steps', args['checkpoint-steps'], count);
    const shown = progress(io, setup);
    const resume = args.resume === true;
    const trained = await trainRuns({
      settings,
      parse: parsePlan,
      out,
      resume,
      signal: io.interruption(),
      sink: shown,
      onBegin: (left) => {
        if (left === 'nothing' || resume) return;
        const hint = left === 'unfinished' ? '; --resume would have continued it' : '';
        io.err(
          `${out} holds ${left === 'finished' ? 'a finished' : 'an unfinished'} run, which this one replaces${hint}\n`,
        );
      },
      ...(checkpointSteps !== undefined && { checkpointSteps }),
    });
    shown.end();
    const { interrupted, summary, directory } = trained;
    if (interrupted !== undefined || summary === undefined) {
      const where = `${interrupted?.run} on ${interrupted?.backend} stopped after ${interrupted?.step} of ${setup.totalSteps} updates`;
      io.err(`${where}; what is done is kept in ${out}, the same command with --resume goes on\n`);
      return 130;
    }
    io.out(args.json === true ? `${JSON.stringify(summary)}\n` : outcome(summary, task, directory));
    return 0;
  },
});

function backendsIn(list: string): string[] {
  const names = list.split(',').map((name) => name.trim());
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new UsageError(`--backend names ${JSON.stringify(twice)} twice`);
  return names;
}
