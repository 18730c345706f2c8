import { geometric } from '../../geometric.ts';
import { readArguments } from '../../readArguments.ts';
import { gamma, lastEpoch, verbose } from '../arguments.ts';
import { baseRate, ratioLeaf, type ReadLeaf } from '../leaf.ts';

/** ExponentialLR: times gamma at every step. */
export const exponentialLR: ReadLeaf = (given, group, path) => {
  const args = readArguments('ExponentialLR', given, { gamma, last_epoch: lastEpoch, verbose }, path);
  return ratioLeaf(
    baseRate(group),
    (rate) => geometric(rate, args.gamma),
    (rate) => rate * args.gamma,
  );
};
