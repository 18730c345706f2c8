import { readFile } from 'node:fs/promises';
import type { Task, Trial } from '@anneal/lab';
import type { RunTrainOptions } from '@anneal/lab/node';
import type { Io } from '../io.ts';
import { UsageError } from '../usageError.ts';
import { count, numberFlag, positive, properShare, seed } from './numberFlag.ts';
import { readJson } from './readText.ts';
import { chosenTask, type TaskFlags } from './chosenTask.ts';

/** The flags of `train` that decide what is trained, as they were written. */
export interface TrainFlags extends TaskFlags {
  readonly backend?: string | undefined;
  readonly schedule?: string | undefined;
  readonly groups?: string | undefined;
  readonly optimizer?: string | undefined;
  readonly set?: string | undefined;
  readonly 'learning-rate'?: string | undefined;
  readonly epochs?: string | undefined;
  readonly 'batch-size'?: string | undefined;
  readonly accumulate?: string | undefined;
  readonly average?: string | undefined;
  readonly seed?: string | undefined;
  readonly control?: boolean | undefined;
  readonly 'control-rate'?: string | undefined;
  readonly 'validate-every'?: string | undefined;
  readonly patience?: string | undefined;
  readonly keep?: string | undefined;
  readonly 'on-divergence'?: string | undefined;
  readonly 'branch-from'?: string | undefined;
  readonly cooldown?: string | undefined;
}

/** What `train` is to do, and the checkpoint that it branches from. */
export type TrainWork = Pick<RunTrainOptions, 'settings' | 'parent' | 'taskWords'> & { readonly task?: Task };

/** Reads the flags; what a task or an optimizer says about them is left to the lab. */
export async function trainSettings(args: TrainFlags, io: Io): Promise<TrainWork> {
  if (args['branch-from'] !== undefined || args.cooldown !== undefined) return branch(args);
  const { defaultSchedule, recipeNamed } = await import('@anneal/lab');
  const { task, own } = await chosenTask(args);
  const { name } = await recipeNamed(args.optimizer ?? task.defaults.optimizer);
  const rate = numberFlag('learning-rate', args['learning-rate'], positive);
  if (rate !== undefined && args.schedule !== undefined)
    throw new UsageError(
      '--learning-rate is the peak of the default schedule; with --schedule the rate stands in the schedule',
    );
  const schedule =
    args.schedule === undefined
      ? defaultSchedule(rate ?? task.defaults.peakRate(name))
      : await readJson(args.schedule, '{', io);
  const controlRate = numberFlag('control-rate', args['control-rate'], positive);
  if (controlRate !== undefined && args.control !== true) throw new UsageError('--control-rate needs --control');
  const accumulate = numberFlag('accumulate', args.accumulate, count);
  return {
    ...(own !== undefined && { task, taskWords: own.words }),
    settings: {
      version: 1,
      task: task.name,
      ...(own !== undefined && { data: own.hash }),
      backends: (args.backend ?? 'tfjs,onnxruntime-web').split(',').map((name) => name.trim()),
      optimizer: { ...settingsIn(args.set), name },
      budget: { epochs: numberFlag('epochs', args.epochs, count) ?? task.defaults.epochs },
      batchSize: numberFlag('batch-size', args['batch-size'], count) ?? task.defaults.batchSize,
      seed: numberFlag('seed', args.seed, seed) ?? 1,
      schedule: schedule as Trial['schedule'],
      controlRate: args.control === true ? (controlRate ?? 'peak') : null,
      patience: numberFlag('patience', args.patience, count) ?? null,
      ...(args.groups !== undefined && { groups: (await readJson(args.groups, '{', io)) as Record<string, string> }),
      ...(accumulate !== undefined && { accumulate }),
      ...(args.average !== undefined && { average: averageIn(args.average) }),
      ...(args['validate-every'] !== undefined && { validateEvery: durationIn(args['validate-every']) }),
      ...(args.keep !== undefined && { keep: choiceIn('keep', args.keep, ['best', 'last']) }),
      ...(args['on-divergence'] !== undefined && {
        onDivergence: choiceIn('on-divergence', args['on-divergence'], ['stop', 'rollback']),
      }),
    },
  };
}

const decidedByTrunk = [
  'backend',
  'schedule',
  'groups',
  'optimizer',
  'set',
  'learning-rate',
  'epochs',
  'batch-size',
  'accumulate',
  'average',
  'seed',
  'control',
  'control-rate',
  'validate-every',
  'patience',
  'keep',
  'on-divergence',
] as const;

/** The cool-down of a copy: everything else is as the checkpoint's trial has it. */
async function branch(args: TrainFlags): Promise<TrainWork> {
  const { decodeCheckpoint } = await import('@anneal/lab');
  const cooldown = numberFlag('cooldown', args.cooldown, count);
  const path = args['branch-from'];
  if (path === undefined || cooldown === undefined)
    throw new UsageError('--branch-from and --cooldown need each other');
  const decided = decidedByTrunk.filter((flag) => args[flag] !== undefined).map((flag) => `--${flag}`);
  if (decided.length > 0)
    throw new UsageError(`--branch-from goes on as the checkpoint's run was; leave out ${decided.join(', ')}`);
  const file = await readFile(path).catch((cause: unknown) => {
    throw new UsageError(`${path}: there is no such file`, { cause });
  });
  const { id, step, trial } = decodeCheckpoint(file).state;
  const { label: _label, backend, from: _from, ...shared } = trial;
  const foreign = args.model === undefined ? (args.task ?? trial.task) : args.model;
  if (trial.data === undefined && foreign !== trial.task)
    throw new UsageError(`${path}: it was trained on the task ${trial.task}; received ${foreign}`);
  const { task, own } = trial.data === undefined ? {} : await chosenTask(args);
  if (own?.hash !== trial.data)
    throw new UsageError(
      `${path}: it was trained on files of one's own; give the same with --model and --data, or --task`,
    );
  return {
    ...(task !== undefined && own !== undefined && { task, taskWords: own.words }),
    settings: {
      ...shared,
      version: 1,
      backends: [backend],
      budget: { updates: step + cooldown },
      patience: null,
      controlRate: null,
      from: { [`schedule ${backend}`]: { trial: id, step, cooldown } },
    },
    parent: { id, file, path },
  };
}

/** `beta1=0.8,epsilon=1e-8` */
function settingsIn(list: string | undefined): Readonly<Record<string, number | boolean | string>> {
  const entries = (list === undefined ? [] : list.split(',')).map((part) => {
    const [, name, value] = /^\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(\S+)\s*$/.exec(part) ?? [];
    if (name === undefined || value === undefined)
      throw new UsageError(`--set must be such as beta1=0.8,epsilon=1e-8; received ${JSON.stringify(list)}`);
    const number = Number(value);
    return [
      name,
      value === 'true' || value === 'false' ? value === 'true' : Number.isNaN(number) ? value : number,
    ] as const;
  });
  return Object.fromEntries(entries);
}

/** `mean`, or the share that a moving average keeps. */
const averageIn = (text: string): NonNullable<Trial['average']> =>
  text === 'mean' ? {} : { decay: numberFlag('average', text, properShare)! };

/** A whole number of updates, or a text that the lab resolves. */
const durationIn = (text: string): string | number => (/^\d+$/.test(text) ? Number(text) : text);

function choiceIn<const W extends string>(name: string, word: string, words: readonly W[]): W {
  const found = words.find((one) => one === word);
  if (found !== undefined) return found;
  throw new UsageError(`--${name} must be ${words.join(' or ')}; received ${JSON.stringify(word)}`);
}
