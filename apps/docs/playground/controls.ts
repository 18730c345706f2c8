import {
  constant,
  cosineDecay,
  exponentialDecay,
  linear,
  sequence,
  warmup,
  type DescribedSchedule,
  type Schedule,
} from '@anneal/core';

/** What the sliders say. */
export interface Controls {
  /** The highest rate. */
  readonly peakRate: number;
  /** Share of the run, in percent, in which the rate rises to the peak. */
  readonly warmupPercent: number;
  /** Share of the run after warm-up, in percent, in which the rate falls; before that it holds the peak. */
  readonly decayPercent: number;
  readonly decayShape: DecayShape;
}

export const decayShapes = ['cosine', 'linear', 'exponential'] as const;

export type DecayShape = (typeof decayShapes)[number];

export const usualControls: Controls = { peakRate: 0.3, warmupPercent: 10, decayPercent: 100, decayShape: 'cosine' };

/** To what share of the peak the exponential shape falls by the end. */
const exponentialEnd = 0.01;

const decays: Readonly<Record<DecayShape, (peak: number, decaySteps: number) => DescribedSchedule>> = {
  cosine: (initValue, decaySteps) => cosineDecay({ initValue, decaySteps }),
  linear: (initValue, decaySteps) => linear({ initValue, decaySteps }),
  exponential: (initValue, decaySteps) => exponentialDecay({ initValue, gamma: exponentialEnd, decaySteps }),
};

/** The schedule that the sliders describe, for a run of `totalSteps` updates: warm up, hold, decay. */
export function scheduleOf(controls: Controls, totalSteps: number): DescribedSchedule {
  const { peakRate, warmupPercent, decayPercent, decayShape } = controls;
  const warmupSteps = Math.round((warmupPercent / 100) * totalSteps);
  const rest = totalSteps - warmupSteps;
  const decaySteps = Math.round((decayPercent / 100) * rest);
  const main = mainPart(peakRate, rest - decaySteps, decaySteps, decays[decayShape]);
  return warmupSteps === 0 ? main : warmup({ warmupSteps, schedule: main });
}

function mainPart(
  peak: number,
  holdSteps: number,
  decaySteps: number,
  decay: (peak: number, decaySteps: number) => DescribedSchedule,
): DescribedSchedule {
  if (decaySteps === 0) return constant({ value: peak });
  const falling = decay(peak, decaySteps);
  return holdSteps === 0 ? falling : sequence({ schedules: [peak, falling], boundaries: [holdSteps] });
}

/** The schedule's values at the steps 0 to totalSteps, both ends included. */
export function curve(schedule: Schedule, totalSteps: number): readonly number[] {
  return Array.from({ length: totalSteps + 1 }, (_, step) => schedule(step));
}
