import { ScheduleError, show } from '../error.ts';
import { positiveFactor } from '../kinds/positiveFactor.ts';
import { check } from '../options/check.ts';
import { checkKeys } from '../options/checkOptions.ts';
import type { Kind } from './kind.ts';

/** How long a run is, so that durations can be written relative to it. */
export interface RunLength {
  /** Updates in the whole run: `"10%"` is a tenth of it. */
  readonly totalSteps?: number;
  /** Updates in one epoch: `"5ep"` is five times as many. */
  readonly stepsPerEpoch?: number;
}

/** What a parser resolves durations by. */
export interface Horizon extends RunLength {
  /** What durations given in steps are multiplied by, for a file written for a run of another length; default 1. */
  readonly scale?: number;
}

/** A duration relative to the run: `"10%"` of it, or `"5ep"`, so many epochs. */
export type Duration = `${number}%` | `${number}ep`;

const pattern = /^(\d{1,15}(?:\.\d{1,15})?)(ep|%)$/;

export const isDuration = (value: unknown): value is Duration => typeof value === 'string' && pattern.test(value);

/**
 * A duration in steps: numbers are scaled, `"5ep"` and `"10%"` are resolved against the horizon, every other value is
 * left for its kind to refuse. What is resolved or scaled to whole steps is rounded, to at least 1. `subject` begins the
 * sentence of a refusal, by default the path.
 */
export function resolveDuration(
  value: unknown,
  kind: Pick<Kind, 'whole'>,
  { totalSteps, stepsPerEpoch, scale = 1 }: Horizon,
  path: string,
  subject: string = `${path}:`,
): unknown {
  const whole = (steps: number): number => (kind.whole === true ? Math.max(1, Math.round(steps)) : steps);
  // Beyond the exact integers it is no length but a way to say never.
  if (typeof value === 'number') return scale === 1 || value > Number.MAX_SAFE_INTEGER ? value : whole(value * scale);
  const [, digits, unit] = (typeof value === 'string' && pattern.exec(value)) || [];
  if (digits === undefined) return value;
  const known = unit === 'ep' ? stepsPerEpoch : totalSteps;
  if (known !== undefined) return whole(unit === 'ep' ? Number(digits) * known : (Number(digits) * known) / 100);
  const needed = unit === 'ep' ? 'stepsPerEpoch' : 'totalSteps';
  throw new ScheduleError('horizon', path, `${subject} ${show(value)} needs a horizon: ${needed} is not known here`, {
    rule: `a number of steps where ${needed} is unknown`,
    received: value,
  });
}

/** Refuses a horizon with other members than these, or with one that is no number > 0. */
export function checkHorizon(horizon: Horizon, ...others: readonly 'scale'[]): void {
  const members = ['totalSteps', 'stepsPerEpoch', ...others] as const;
  checkKeys('horizon', members, horizon);
  for (const key of members) if (horizon[key] !== undefined) check('horizon', key, positiveFactor, horizon[key]);
}
