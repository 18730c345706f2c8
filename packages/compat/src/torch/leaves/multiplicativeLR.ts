import { recurrence, type DescribedSchedule } from '@anneal/core';
import { geometric } from '../../geometric.ts';
import { readArguments } from '../../readArguments.ts';
import { lambdaText, lastEpoch, verbose } from '../arguments.ts';
import { baseRate, type ReadLeaf } from '../leaf.ts';
import { readLambda } from '../readLambda.ts';
import { lengthSteps } from '../links.ts';

/** MultiplicativeLR: every step t multiplies the rate in force by λ(t); λ(0) is called only at a milestone. */
export const multiplicativeLR: ReadLeaf = (given, group, path) => {
  const { lr_lambda } = readArguments(
    'MultiplicativeLR',
    given,
    { lr_lambda: lambdaText, last_epoch: lastEpoch, verbose },
    path,
  );
  const factor = readLambda('MultiplicativeLR', 'lr_lambda', lr_lambda, path)(1);
  const course = (rate: number): DescribedSchedule =>
    factor.spec.type === 'constant'
      ? geometric(rate, factor(0))
      : recurrence({ initValue: rate, lengthSteps, schedules: [factor], rules: ['multiply'] });
  const { lr } = group;
  baseRate(group);
  return {
    schedule: () => course(lr),
    link: () => ({ rule: 'multiply', schedule: factor }),
    initial: (rate) => rate,
    repeated: (rate) => rate * factor(0),
    resumed: (rate) => course(rate * factor(0)),
  };
};
