import { linearTicks, logTicks } from './ticks.ts';

/** Maps data to pixels, and says where the axis is marked. */
export interface Scale {
  at(value: number): number;
  readonly ticks: readonly number[];
}

export interface ScaleOptions {
  readonly min: number;
  readonly max: number;
  /** Pixels of min and max. */
  readonly from: number;
  readonly to: number;
  /** About how many marks. */
  readonly marks: number;
}

export function linearScale({ min, max, from, to, marks }: ScaleOptions): Scale {
  const high = max > min ? max : min + 1;
  return { at: (value) => from + ((value - min) / (high - min)) * (to - from), ticks: linearTicks(min, high, marks) };
}

/** Needs numbers > 0; smaller ones are drawn at the lower end. */
export function logScale({ min, max, from, to, marks }: ScaleOptions): Scale {
  const [low, high] = [Math.log(min), Math.log(max > min ? max : min * 10)];
  return {
    at: (value) => from + ((Math.log(Math.max(value, min)) - low) / (high - low)) * (to - from),
    ticks: logTicks(min, Math.exp(high), marks),
  };
}
