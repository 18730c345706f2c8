import { ScheduleError, type Horizon, type Kind } from '@anneal/core';

/** A time of Composer: "5ep" epochs, "100ba" batches, "0.5dur" a share of the run. */
export interface Time {
  readonly text: string;
  readonly value: number;
  readonly unit: 'ep' | 'ba' | 'dur';
}

const pattern = /^(\d{1,15}(?:\.\d{1,15})?)(ep|ba|dur)$/;

/** The kind of such a time; what counts samples, tokens or seconds is refused. */
export const time: Kind<Time> = {
  kind: 'time',
  rule: 'a time in epochs ("5ep"), batches ("100ba") or as a share of the run ("0.5dur")',
  read: (value) => {
    const [text, digits, unit] = (typeof value === 'string' && pattern.exec(value)) || [];
    return text === undefined ? undefined : { text, value: Number(digits), unit: unit as Time['unit'] };
  },
};

/** How long things are, so that times can be told in batches. */
export interface Clock {
  /** A time in whole batches, as Composer rounds it: down. `ratio` is its scale_schedule_ratio. */
  batches(time: Time, ratio?: number): number;
  /** Batches in the run. */
  total(): number;
}

/** The clock of a horizon; a time that it cannot tell is refused by name. */
export function clockOf({ totalSteps, stepsPerEpoch }: Horizon): Clock {
  const known = (value: number | undefined, name: string, text: string): number => {
    if (value !== undefined) return value;
    throw new ScheduleError('horizon', '/args', `composer: "${text}" needs a horizon: ${name} is not known here`, {
      rule: `batches where ${name} is unknown`,
      received: text,
    });
  };
  const total = (): number => known(totalSteps, 'totalSteps', '1dur');
  return {
    total,
    batches: ({ value, unit, text }, ratio = 1) => {
      // A share of the run is not scaled: the run is.
      if (unit === 'dur') return Math.trunc(value * known(totalSteps, 'totalSteps', text));
      return Math.trunc((unit === 'ep' ? value * known(stepsPerEpoch, 'stepsPerEpoch', text) : value) * ratio);
    },
  };
}
