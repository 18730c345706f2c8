import { isPerUpdate } from '../metricNames.ts';
import type { ResolvedTrack } from '../plan/resolvePlan.ts';
import type { Finding } from './finding.ts';

export const tooLate = (path: string, step: number, message: string): Finding => ({
  code: 'phaseNeverStarts',
  severity: 'warning',
  message,
  path,
  step,
});

/** Controllers whose window opens after the run. */
export function idleControllers({ path, start, controllers }: ResolvedTrack, steps: number): readonly Finding[] {
  return controllers.flatMap((use) => {
    if (use.from < steps) return [];
    const name = use.path.slice(path.length + 1);
    const step = use.from + start;
    const message = `the controller ${name} becomes active at step ${step}, after the run`;
    return [tooLate(`/${path}/controllers/${name}`, step, message)];
  });
}

/**
 * Controllers that count reports of single updates, whose losses rise and fall by chance, and act within an epoch: how far
 * apart two reports are is not in the plan but in the metric's name.
 */
export function impatientControllers(
  { path, controllers }: ResolvedTrack,
  stepsPerEpoch: number = Infinity,
): readonly Finding[] {
  return controllers.flatMap(({ path: own, use: { monitor, patience } }) => {
    if (patience === undefined || patience >= stepsPerEpoch || !isPerUpdate(monitor)) return [];
    const name = own.slice(path.length + 1);
    const message = `the controller ${name} counts its patience of ${patience} in updates, since "${monitor}" is reported after each; to count epochs let it monitor "loss" or "val_loss"`;
    return [{ code: 'patienceInUpdates', severity: 'warning', message, path: `/${path}/controllers/${name}` }];
  });
}
