import type { Task } from '@anneal/lab';
import { numberFlag, seed } from './numberFlag.ts';
import { UsageError } from '../usageError.ts';

/** The flags that say what is learned. */
export interface TaskFlags {
  readonly task?: string | undefined;
  readonly model?: string | undefined;
  readonly data?: string | undefined;
  readonly 'validation-data'?: string | undefined;
  readonly 'test-data'?: string | undefined;
  readonly loss?: string | undefined;
  readonly output?: string | undefined;
  readonly target?: string | undefined;
  readonly mean?: string | undefined;
  readonly deviation?: string | undefined;
  readonly 'split-seed'?: string | undefined;
}

const ofModel = [
  'data',
  'validation-data',
  'test-data',
  'loss',
  'output',
  'target',
  'mean',
  'deviation',
  'split-seed',
] as const;

/** A task, and where it is a person's own, the hash of its files and the words that name them again. */
export interface ChosenTask {
  readonly task: Task;
  readonly own?: { readonly hash: string; readonly words: string };
}

/** The task that flags mean: a model and data, a file of one's own, or one of the lab's by its name. */
export async function chosenTask(args: TaskFlags): Promise<ChosenTask> {
  const { model, data } = args;
  if (model !== undefined && args.task !== undefined)
    throw new UsageError('--model is a task of its own; leave out --task');
  const name = args.task ?? 'digits';
  const { isTaskFile, readOwnTask, readTaskFile, shellWord } = await import('@anneal/lab/node');
  if (model === undefined) {
    const lost = ofModel.find((flag) => args[flag] !== undefined);
    if (lost !== undefined) throw new UsageError(`--${lost} needs --model`);
    if (isTaskFile(name)) {
      const { task, hash } = await readTaskFile(name);
      return { task, own: { hash, words: `--task ${shellWord(name)}` } };
    }
    const { taskNamed } = await import('@anneal/lab');
    return { task: await taskNamed(name) };
  }
  if (data === undefined) throw new UsageError('--model needs --data, what it is to learn from');
  const { task, hash } = await readOwnTask({
    model,
    data,
    validation: args['validation-data'],
    test: args['test-data'],
    loss: args.loss,
    output: args.output,
    target: args.target,
    mean: numbersIn('mean', args.mean),
    deviation: numbersIn('deviation', args.deviation),
    splitSeed: numberFlag('split-seed', args['split-seed'], seed),
  });
  const words = (['model', ...ofModel] as const).flatMap((flag) =>
    args[flag] === undefined ? [] : [`--${flag} ${shellWord(args[flag])}`],
  );
  return { task, own: { hash, words: words.join(' ') } };
}

/** `0.5` or `0.485,0.456,0.406` */
function numbersIn(name: string, list: string | undefined): readonly number[] | undefined {
  const numbers = list?.split(',').map(Number);
  if (numbers?.every(Number.isFinite) ?? true) return numbers;
  throw new UsageError(`--${name} must be numbers with commas between; received ${JSON.stringify(list)}`);
}
