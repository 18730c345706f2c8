import { cyclic, type DescribedSchedule } from '@anneal/core';
import { readArguments, refuse } from '../../readArguments.ts';
import { choice, duration, durationOrZero, flag, lambdaText, lastEpoch, rate, real, verbose } from '../arguments.ts';
import { baseRate, replacingLeaf, type ReadLeaf } from '../leaf.ts';
import { readScaleFunction, type Scaling } from '../scaleFunction.ts';

const table = {
  base_lr: rate,
  max_lr: rate,
  step_size_up: [duration, 2000],
  step_size_down: [durationOrZero, null],
  mode: [choice('triangular', 'triangular2', 'exp_range'), 'triangular'],
  gamma: [real, 1],
  scale_fn: [lambdaText, null],
  scale_mode: [choice('cycle', 'iterations'), 'cycle'],
  cycle_momentum: [flag, true],
  base_momentum: [rate, 0.8],
  max_momentum: [rate, 0.9],
  last_epoch: lastEpoch,
  verbose,
} as const;

/** CyclicLR: between base_lr and max_lr and back, momentum the other way round. */
export const cyclicLR: ReadLeaf = (given, group, path) => {
  const args = readArguments('CyclicLR', given, table, path);
  const { step_size_up: upSteps } = args;
  const downSteps = args.step_size_down ?? upSteps;
  // gamma counts in this mode only.
  const grown = args.scale_fn === null && args.mode === 'exp_range' ? args.gamma : 1;
  if (grown < 0) throw refuse('invalid', 'CyclicLR', 'gamma', 'a number >= 0', grown, path);
  const presets: Readonly<Record<typeof args.mode, Scaling>> = {
    triangular: {},
    triangular2: { cycleFactor: 0.5 },
    exp_range: { gamma: grown },
  };
  const { height = 1, ...factors } =
    args.scale_fn === null ? presets[args.mode] : readScaleFunction(args.scale_fn, args.scale_mode, path);
  const grows = Math.max(factors.gamma ?? 1, factors.cycleFactor ?? 1) > 1;
  const course = (initValue: number, farValue: number, far: string): DescribedSchedule => {
    const peakValue = initValue + (farValue - initValue) * height;
    const scaling = args.scale_fn === null ? 'gamma' : 'scale_fn';
    if (peakValue < 0)
      throw refuse('contradiction', 'CyclicLR', far, 'such that scale_fn keeps it >= 0', farValue, path);
    if (grows && farValue < initValue) {
      const rule = `a factor that does not grow where ${far} is the lower one: it would fall below 0`;
      throw refuse('contradiction', 'CyclicLR', scaling, rule, args[scaling], path);
    }
    return cyclic({ initValue, peakValue, upSteps, downSteps, ...factors });
  };
  group.lr = args.base_lr;
  const rates = course(args.base_lr, args.max_lr, 'max_lr');
  // Until its constructor is done it takes another scheduler's base rate for its own.
  const constructed = baseRate(group);
  if (!args.cycle_momentum) return { ...replacingLeaf(() => rates), constructed };
  group.maxMomentum = args.max_momentum;
  group.baseMomentum = args.base_momentum;
  const momenta = course(args.max_momentum, args.base_momentum, 'base_momentum');
  return {
    ...replacingLeaf(
      () => rates,
      () => momenta,
    ),
    constructed,
  };
};
