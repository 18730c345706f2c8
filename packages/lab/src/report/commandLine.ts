import type { Continuation } from '../trials/trial.ts';
import type { Summary } from './summary.ts';

/** How a command says what is not in the summary. */
export interface CommandWords {
  /** Which task it is: `--task digits`. */
  readonly taskWords: string;
  /** Where the run went on from another, if it did. */
  readonly from?: Continuation | undefined;
  /** The checkpoint file that a cool-down branched from. */
  readonly parentPath?: string | undefined;
}

/** The words of `anneal train` that make the same run again, as a POSIX shell reads them. */
export function commandLine(summary: Summary, { taskWords, from, parentPath = 'checkpoint' }: CommandWords): string {
  const { task, backends, optimizer, optimizerSettings, epochs, batchSize, seed, schedule, controlRate } = summary;
  const { patience, validateEvery, keep, accumulate, onDivergence, average, groups } = summary;
  const flag = (name: string, value: string | number | undefined | null): string[] =>
    value === undefined || value === null ? [] : [`--${name} ${shellWord(String(value))}`];
  if (from?.cooldown !== undefined) {
    const own = summary.data === undefined ? '' : ` ${taskWords}`;
    const branch = ['branch-from', parentPath] as const;
    return [
      `anneal train${own}`,
      ...flag(...branch),
      `--cooldown ${from.cooldown}`,
      ...flag('out', `runs/${task}`),
    ].join(' \\\n  ');
  }
  const set = Object.entries(optimizerSettings).map(([name, value]) => `${name}=${value}`);
  const words = [
    `anneal train ${taskWords} --backend ${backends.join(',')} --optimizer ${optimizer}`,
    `--epochs ${epochs} --batch-size ${batchSize} --seed ${seed}`,
    ...flag('schedule', JSON.stringify(schedule)),
    ...(controlRate === null ? [] : [`--control --control-rate ${controlRate}`]),
    ...flag('patience', patience),
    ...flag('validate-every', validateEvery),
    ...flag('keep', keep),
    ...flag('accumulate', accumulate),
    ...flag('on-divergence', onDivergence),
    ...flag('average', average === undefined ? undefined : (average.decay ?? 'mean')),
    ...flag('groups', groups === undefined ? undefined : JSON.stringify(groups)),
    ...flag('set', set.length === 0 ? undefined : set.join(',')),
    ...flag('out', `runs/${task}`),
    ...(from === undefined ? [] : ['--resume']),
    ...flag('on-jump', from?.onJump),
    ...flag('rewarm-steps', from?.rewarmSteps),
  ];
  return words.join(' \\\n  ');
}

/** A word as a POSIX shell has to be given it: in single quotes where it holds what a shell would read otherwise. */
export const shellWord = (word: string): string =>
  /^[\w./:=,%+@-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
