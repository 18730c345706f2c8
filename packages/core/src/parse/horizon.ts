import type { Kind } from '../definition/kind.ts';
import { ScheduleError, show } from '../error.ts';

/** How long a run is, so that durations can be written relative to it. */
export interface Horizon {
  /** Updates in the whole run: `"10%"` is a tenth of it. */
  readonly totalSteps?: number;
  /** Updates in one epoch: `"5ep"` is five times as many. */
  readonly stepsPerEpoch?: number;
}

const pattern = /^(\d{1,15}(?:\.\d{1,15})?)(ep|%)$/;

/**
 * A duration in steps: numbers stay, `"5ep"` and `"10%"` are resolved against the horizon, every other value is left
 * for its kind to refuse. Durations in whole steps are rounded, to at least 1.
 */
export function resolveDuration(value: unknown, kind: Pick<Kind, 'whole'>, horizon: Horizon, path: string): unknown {
  const [, digits, unit] = (typeof value === 'string' && pattern.exec(value)) || [];
  if (digits === undefined) return value;
  const known = unit === 'ep' ? horizon.stepsPerEpoch : horizon.totalSteps;
  const needed = unit === 'ep' ? 'stepsPerEpoch' : 'totalSteps';
  if (known === undefined) {
    const message = `${path}: ${show(value)} needs a horizon: ${needed} is not known here`;
    throw new ScheduleError(message, {
      code: 'horizon',
      path,
      rule: `a number of steps where ${needed} is unknown`,
      received: value,
    });
  }
  const steps = unit === 'ep' ? Number(digits) * known : (Number(digits) * known) / 100;
  return kind.whole === true ? Math.max(1, Math.round(steps)) : steps;
}

/** Refuses a horizon whose members are not numbers > 0. */
export function checkHorizon(horizon: Horizon): void {
  for (const key of ['totalSteps', 'stepsPerEpoch'] as const) {
    const value = horizon[key];
    if (value === undefined || (value > 0 && value < Infinity)) continue;
    throw new ScheduleError(`horizon: ${key} must be a number > 0; received ${show(value)}`, {
      code: 'invalid',
      path: '',
      parameter: key,
      received: value,
    });
  }
}
