import { existsSync, readFileSync, readdirSync } from 'node:fs';
import process from 'node:process';
import type { Schedule } from '@anneal/core';
import type { RecordedRun } from '../src/index.ts';

/**
 * The loss curves that were published with the multi-power law (repository thu-yao-01-luo/MultiPowerLaw, MIT), a folder for
 * each size of model with a file `step,lr,loss` for each run: no part of this repository. Looked for where the variable
 * says, else beside the checkout.
 */
const folder =
  process.env['MULTI_POWER_LAW_DATA'] ?? new URL('../../../../shared/data/multi-power-law', import.meta.url).pathname;

export const available = existsSync(folder);

const [warmupSteps, peak, end] = [2160, 3e-4, 3e-5];

/** The rates of a run by its name, as the authors' code makes them: update t of theirs is the (t + 1)-th. */
export function publishedSchedule(name: string): Schedule {
  const [kind, first, second] = name.split('_') as [string, string, string?];
  const total = kind === 'wsdcon' ? 16_000 : Number(second ?? first);
  const after = (t: number): number => {
    if (kind === 'constant') return peak;
    if (kind === 'cosine')
      return end + 0.5 * (peak - end) * (1 + Math.cos((Math.PI * (t - warmupSteps)) / (total - warmupSteps)));
    if (kind === 'wsdcon') return t < 8000 ? peak : Number(first) * 1e-5;
    const x = (t - Number(first)) / (total - Number(first));
    if (x <= 0) return peak;
    return kind === 'wsd' ? peak * (end / peak) ** x : peak + (end - peak) * x;
  };
  return (t) => (t < warmupSteps ? (t / (warmupSteps - 1)) * peak : after(t));
}

/** All runs of one size, and the three that the authors fit on. The row at the last step is left out, as they do. */
export function publishedRuns(size: string): { readonly fitted: RecordedRun[]; readonly unseen: RecordedRun[] } {
  const runs = readdirSync(`${folder}/${size}`).map((file): RecordedRun => {
    const name = file.replace('.csv', '');
    const schedule = publishedSchedule(name);
    const total = name.startsWith('wsdcon') ? Infinity : Number(name.split('_').at(-1));
    const rows = readFileSync(`${folder}/${size}/${file}`, 'utf8').trim().split('\n').slice(1);
    const points = rows.flatMap((row) => {
      const [step, rate, loss] = row.split(',').map(Number) as [number, number, number];
      if (Math.abs(schedule(step) - rate) > 1e-12 * rate) throw new Error(`${name} has rate ${rate} at step ${step}`);
      return step < total ? [{ step: step + 1, loss }] : [];
    });
    return { name, schedule, points };
  });
  const chosen = ['cosine_24000', 'constant_24000', 'wsdcon_9'];
  return {
    fitted: chosen.map((name) => runs.find((run) => run.name === name)!),
    unseen: runs.filter(({ name }) => !chosen.includes(name!)),
  };
}

/** The authors' parameters. */
export const publishedParameters = {
  '25': { l0: 3.0405, a: 0.5247, alpha: 0.5079, b: 363.79, c: 2.0656, beta: 0.5828, gamma: 0.6414 },
  '100': { l0: 2.6514, a: 0.6012, alpha: 0.453, b: 437.95, c: 2.1325, beta: 0.5979, gamma: 0.6552 },
  '400': { l0: 2.3747, a: 0.6542, alpha: 0.4288, b: 523.42, c: 2.0246, beta: 0.5935, gamma: 0.6347 },
};
