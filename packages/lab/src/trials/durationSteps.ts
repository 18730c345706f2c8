import { LabError } from '../labError.ts';
import type { Duration } from './trial.ts';

/** A duration in whole updates, at least one: a number, or `"2ep"` or `"10%"` resolved to the run. Throws a {@link LabError}. */
export function durationSteps(
  name: string,
  duration: Duration,
  { stepsPerEpoch, totalSteps }: { readonly stepsPerEpoch: number; readonly totalSteps: number },
): number {
  const [, digits, unit] = /^(\d{1,15}(?:\.\d{1,15})?)(ep|%)$/.exec(String(duration)) ?? [];
  const steps =
    unit === 'ep'
      ? Number(digits) * stepsPerEpoch
      : unit === '%'
        ? (Number(digits) * totalSteps) / 100
        : typeof duration === 'number' && Number.isInteger(duration)
          ? duration
          : NaN;
  if (steps > 0) return Math.max(1, Math.round(steps));
  const rule = 'a whole number of updates > 0, or such as "1ep" or "10%"';
  throw new LabError('invalid', `${name} must be ${rule}; received ${JSON.stringify(duration)}`);
}
