import { cyclic, oneCycle, type DescribedSchedule } from '@anneal/core';
import { readArguments, refuse } from '../../readArguments.ts';
import {
  annealStrategy,
  flag,
  fraction,
  lastEpoch,
  positive,
  positiveInteger,
  rate,
  unread,
  verbose,
} from '../arguments.ts';
import { replacingLeaf, type ReadLeaf } from '../leaf.ts';

const table = {
  max_lr: rate,
  total_steps: [positiveInteger, null],
  epochs: [unread, null],
  steps_per_epoch: [unread, null],
  pct_start: [fraction, 0.3],
  anneal_strategy: [annealStrategy, 'cos'],
  cycle_momentum: [flag, true],
  base_momentum: [rate, 0.85],
  max_momentum: [rate, 0.95],
  div_factor: [positive, 25],
  final_div_factor: [positive, 1e4],
  three_phase: [flag, false],
  last_epoch: lastEpoch,
  verbose,
} as const;

const inEpochs = { ...table, epochs: [positiveInteger, null], steps_per_epoch: [positiveInteger, null] } as const;

/** OneCycleLR: up to max_lr and down far below the start, momentum the other way round. */
export const oneCycleLR: ReadLeaf = (given, group, path) => {
  const args = readArguments('OneCycleLR', given, table, path);
  const { max_lr, pct_start: peakFraction, three_phase: threePhase, total_steps } = args;
  // PyTorch looks at the epochs only where there is no total.
  const { epochs, steps_per_epoch } = total_steps === null ? readArguments('OneCycleLR', given, inEpochs, path) : args;
  const totalSteps =
    total_steps ??
    (typeof epochs === 'number' && typeof steps_per_epoch === 'number' ? epochs * steps_per_epoch : null);
  if (totalSteps === null) {
    const rule = 'given, or both epochs and steps_per_epoch';
    throw refuse('required', 'OneCycleLR', 'total_steps', rule, total_steps, path);
  }
  const peak = peakFraction * totalSteps - 1;
  if (peak === 0) {
    const rule = `other than 1/${totalSteps}: the rise would take 0 steps, by which PyTorch divides`;
    throw refuse('contradiction', 'OneCycleLR', 'pct_start', rule, peakFraction, path);
  }
  const shape = args.anneal_strategy === 'cos' ? 'cosine' : 'linear';
  // The second of three phases, as long as the rise, may outlast the run: then it is a cycle that is not completed.
  const unfinished = threePhase && 2 * peak >= totalSteps - 1;
  const course = (initValue: number, peakValue: number, endValue: number): DescribedSchedule =>
    unfinished
      ? cyclic({ initValue, peakValue, upSteps: peak, shape })
      : oneCycle({ initValue, peakValue, endValue, totalSteps, peakFraction, shape, threePhase, pastEnd: 'continue' });
  group.initialLr = max_lr / args.div_factor;
  group.maxLr = max_lr;
  group.minLr = group.initialLr / args.final_div_factor;
  const rates = (): DescribedSchedule => course(group.initialLr!, group.maxLr!, group.minLr!);
  if (!args.cycle_momentum) return replacingLeaf(rates);
  group.maxMomentum = args.max_momentum;
  group.baseMomentum = args.base_momentum;
  return replacingLeaf(rates, () => course(group.maxMomentum!, group.baseMomentum!, group.maxMomentum!));
};
