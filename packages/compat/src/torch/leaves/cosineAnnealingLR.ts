import { cosineDecay, type DescribedSchedule } from '@anneal/core';
import { readArguments, refuse } from '../../readArguments.ts';
import { lastEpoch, duration, rate as rateKind, verbose } from '../arguments.ts';
import { baseRate, type ReadLeaf } from '../leaf.ts';

/** CosineAnnealingLR: half a wave down to eta_min in T_max steps, half a wave up again, and so on. */
export const cosineAnnealingLR: ReadLeaf = (given, group, path) => {
  const table = { T_max: duration, eta_min: [rateKind, 0], last_epoch: lastEpoch, verbose } as const;
  const { T_max, eta_min } = readArguments('CosineAnnealingLR', given, table, path);
  const base = baseRate(group);
  const wave = (initValue: number, endValue: number): DescribedSchedule =>
    cosineDecay({ initValue, endValue, decaySteps: T_max, pastEnd: 'continue' });
  const afterOneStep = wave(1, 0)(1);
  return {
    schedule: () => wave(base, eta_min),
    link: () => {
      // A fraction of steps has no step at its trough, from where on the base rate counts.
      if (!Number.isInteger(T_max)) return { rule: 'ratio', schedule: wave(1, 0), floorValue: eta_min };
      if (base <= eta_min)
        throw refuse(
          'contradiction',
          'CosineAnnealingLR',
          'eta_min',
          `< the base rate ${base} in a chain with a whole T_max`,
          eta_min,
          path,
        );
      // Its height is what the rate rises by after a trough, where there is no ratio.
      return { rule: 'ratio', schedule: wave(base - eta_min, 0), floorValue: eta_min };
    },
    initial: (rate) => rate,
    // The wave is even: one step before its start it stands where it stands one step after.
    repeated: (rate) => (afterOneStep === 0 ? rate + (base - eta_min) : eta_min + (rate - eta_min) / afterOneStep),
    resumed: () => wave(base, eta_min),
  };
};
