import type { ArgsDef } from 'citty';
import { command, type Command } from '../command.ts';
import { trainSettings } from '../input/trainSettings.ts';
import { count, numberFlag } from '../input/numberFlag.ts';
import { progress, type Progress } from '../output/progress.ts';
import { outcome } from '../output/outcome.ts';
import { UsageError } from '../usageError.ts';

const args = {
  task: {
    type: 'string',
    description:
      'What to learn: a task of one’s own in a .ts or .js file, or digits, digits-noisy, mnist-mlp, mnist-cnn, text, text-post-norm, text-recurrent, spam, quadratic, cartpole; default digits',
    valueHint: 'name',
  },
  model: { type: 'string', description: 'Train this model instead: an .onnx file', valueHint: 'file' },
  data: {
    type: 'string',
    description: 'What the model learns from: a .jsonl or .csv file, or a folder of images by class',
    valueHint: 'path',
  },
  'validation-data': {
    type: 'string',
    description: 'Validation examples of their own, with --test-data',
    valueHint: 'path',
  },
  'test-data': { type: 'string', description: 'Test examples of their own', valueHint: 'path' },
  loss: {
    type: 'string',
    description: 'Of the model: softmaxCrossEntropy (default), binaryCrossEntropy, meanSquaredError, huber',
    valueHint: 'name',
  },
  output: { type: 'string', description: 'The output that the loss reads; default the only one', valueHint: 'name' },
  target: { type: 'string', description: 'The field that it is compared with', valueHint: 'name' },
  mean: {
    type: 'string',
    description: 'Of images: subtracted from each channel, in [0, 1]: 0.485,0.456,0.406',
    valueHint: 'numbers',
  },
  deviation: { type: 'string', description: 'Of images: each channel is divided by it', valueHint: 'numbers' },
  'split-seed': {
    type: 'string',
    description: 'Deals examples out to training, validation and test where the data do not; default 0',
    valueHint: 'number',
  },
  backend: {
    type: 'string',
    description:
      'tfjs-wasm (or tfjs), tfjs-cpu, onnxruntime-web-wasm (or onnxruntime-web); several with commas; default tfjs,onnxruntime-web',
    valueHint: 'names',
  },
  schedule: {
    type: 'string',
    description: 'Schedule or plan: a path, -, or inline JSON; default linear warm-up (10%), then cosine decay',
    valueHint: 'spec',
  },
  groups: {
    type: 'string',
    description: "Which parameters the plan's groups mean, as JSON: a regular expression for each",
    valueHint: 'json',
  },
  optimizer: {
    type: 'string',
    description: "sgd, momentum, rmsprop, adam or adamW; default the task's",
    valueHint: 'name',
  },
  set: { type: 'string', description: 'Settings of the optimizer: beta1=0.8,epsilon=1e-8', valueHint: 'settings' },
  'learning-rate': {
    type: 'string',
    description: "Peak of the default schedule; default the task's",
    valueHint: 'rate',
  },
  epochs: { type: 'string', description: "Passes over the training data; default the task's", valueHint: 'number' },
  'batch-size': { type: 'string', description: "Examples in a batch; default the task's", valueHint: 'number' },
  accumulate: { type: 'string', description: 'Batches whose mean gradient makes one update', valueHint: 'number' },
  average: {
    type: 'string',
    description: 'Judge an average of the weights: mean, or the share that a moving one keeps',
    valueHint: 'mean or share',
  },
  seed: { type: 'string', description: 'Draws weights and batches; default 1', valueHint: 'number' },
  control: { type: 'boolean', description: 'Also train a constant rate from the same weights and batches' },
  'control-rate': {
    type: 'string',
    description: "The control's rate; default the schedule's largest",
    valueHint: 'rate',
  },
  'validate-every': {
    type: 'string',
    description: 'Time between validations: updates, or such as 0.5ep or 10%; default 1ep',
    valueHint: 'duration',
  },
  patience: {
    type: 'string',
    description: 'Stop after so many validations without a better one, and take the best weights',
    valueHint: 'number',
  },
  keep: {
    type: 'string',
    description: 'Whose weights are tested: best or last; default last, best after an early end',
    valueHint: 'which',
  },
  'on-divergence': {
    type: 'string',
    description: 'Where the loss is not finite: stop, or rollback to the last good validation at half the rate',
    valueHint: 'what',
  },
  out: { type: 'string', description: 'Folder to write to; default runs/<task>', valueHint: 'folder' },
  resume: { type: 'boolean', description: 'Go on where the same command was interrupted, or with more --epochs' },
  'on-jump': {
    type: 'string',
    description: 'Where a longer run would make the rate jump: stretch, keep or rewarm',
    valueHint: 'way',
  },
  'rewarm-steps': { type: 'string', description: 'Updates that rewarm takes', valueHint: 'number' },
  'branch-from': {
    type: 'string',
    description: 'Anneal a copy of this checkpoint to 0 over --cooldown updates; the trunk stays as it is',
    valueHint: 'checkpoint',
  },
  cooldown: { type: 'string', description: 'Updates of the branch', valueHint: 'number' },
  'checkpoint-steps': {
    type: 'string',
    description: 'Updates between checkpoints; default at validations, every 2 s at most',
    valueHint: 'number',
  },
  json: { type: 'boolean', description: 'Print the summary as JSON' },
} as const satisfies ArgsDef;

/** Trains a task under a schedule, on one backend after the other. */
export const train: Command = command({
  meta: { name: 'train', description: 'Train a task under a schedule on one or more backends' },
  args,
  run: async (args, io) => {
    const { measureName } = await import('@anneal/lab');
    const { runTrain } = await import('@anneal/lab/node');
    const { parsePlan } = await import('@anneal/compat');

    const { settings, parent, task: own, taskWords } = await trainSettings(args, io);
    const out = args.out ?? `runs/${settings.task}`;
    const resume = args.resume === true;
    const onJump = args['on-jump'];
    if (onJump !== undefined && !isWay(onJump))
      throw new UsageError(`--on-jump must be stretch, keep or rewarm; received ${JSON.stringify(onJump)}`);
    if (onJump !== undefined && !resume) throw new UsageError('--on-jump needs --resume');
    const rewarmSteps = numberFlag('rewarm-steps', args['rewarm-steps'], count);
    if ((onJump === 'rewarm') !== (rewarmSteps !== undefined))
      throw new UsageError('--on-jump rewarm and --rewarm-steps need each other');

    let shown: Progress | undefined;
    let totalSteps = 0;
    const { interrupted, summary, directory, task } = await runTrain({
      settings,
      parse: parsePlan,
      out,
      resume,
      checkpointSteps: numberFlag('checkpoint-steps', args['checkpoint-steps'], count),
      signal: io.interruption(),
      onRows: (rows) => shown?.write(rows),
      onBegin: (left, setup, trials) => {
        ({ totalSteps } = setup);
        shown = progress(io, { ...setup, trials });
        if (left === 'nothing' || resume) return;
        const hint = left === 'unfinished' ? '; --resume would have continued it' : '';
        io.err(
          `${out} holds ${left === 'finished' ? 'a finished' : 'an unfinished'} run, which this one replaces${hint}\n`,
        );
      },
      ...(own !== undefined && { task: () => own }),
      ...(taskWords !== undefined && { taskWords }),
      ...(parent !== undefined && { parent }),
      ...(onJump !== undefined && { onJump }),
      ...(rewarmSteps !== undefined && { rewarmSteps }),
    });
    shown?.end();
    if (interrupted !== undefined || summary === undefined) {
      const where = `${interrupted?.run} on ${interrupted?.backend} stopped after ${interrupted?.step} of ${totalSteps} updates`;
      io.err(`${where}; what is done is kept in ${out}, the same command with --resume goes on\n`);
      return 130;
    }
    io.out(
      args.json === true ? `${JSON.stringify(summary)}\n` : outcome(summary, task, directory, measureName, io.columns),
    );
    return 0;
  },
});

const isWay = (word: string): word is 'stretch' | 'keep' | 'rewarm' => ['stretch', 'keep', 'rewarm'].includes(word);
