import { readArguments } from '../../readArguments.ts';
import { baseRate, replacingLeaf, type ReadLeaf } from '../leaf.ts';
import { lambdaText, lastEpoch, verbose } from '../arguments.ts';
import { readLambda } from '../readLambda.ts';

/** LambdaLR: the base rate times a function of the step. */
export const lambdaLR: ReadLeaf = (given, group, path) => {
  const { lr_lambda } = readArguments(
    'LambdaLR',
    given,
    { lr_lambda: lambdaText, last_epoch: lastEpoch, verbose },
    path,
  );
  const course = readLambda('LambdaLR', 'lr_lambda', lr_lambda, path)(baseRate(group));
  return replacingLeaf(() => course);
};
