import { cosineDecay, linear, polynomialDecay, stableDecay, type DescribedSchedule } from '@anneal/core';

/** A family of decays from a peak, over so many updates; the last of them sees about the end value. */
export interface Family {
  /** Its members differ by so many numbers in [0, 1], besides peak and end. */
  readonly shapes: number;
  make(
    run: { readonly peak: number; readonly end: number; readonly steps: number },
    shape: readonly number[],
  ): DescribedSchedule;
}

export type FamilyName = 'linear' | 'cosine' | 'polynomial' | 'stableDecay';

/** The families that a schedule can be sought in, from the plainest to those with a shape of their own. */
export const families: Readonly<Record<FamilyName, Family>> = {
  linear: {
    shapes: 0,
    make: ({ peak, end, steps }) => linear({ initValue: peak, endValue: end, decaySteps: steps }),
  },
  cosine: {
    shapes: 0,
    make: ({ peak, end, steps }) => cosineDecay({ initValue: peak, endValue: end, decaySteps: steps }),
  },
  polynomial: {
    shapes: 1,
    // Powers from 1/4 to 4.
    make: ({ peak, end, steps }, [power]) =>
      polynomialDecay({ initValue: peak, endValue: end, decaySteps: steps, power: 4 ** (2 * power! - 1) }),
  },
  stableDecay: {
    shapes: 1,
    // At least one update decays.
    make: ({ peak, end, steps }, [share]) => {
      const decaySteps = Math.max(1, share! * steps);
      return stableDecay({ initValue: peak, endValue: end, stableSteps: steps - decaySteps, decaySteps });
    },
  },
};
