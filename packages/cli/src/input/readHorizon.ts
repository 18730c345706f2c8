import type { Horizon } from '@anneal/core';
import { numberFlag, positive } from './numberFlag.ts';

/** The horizon that the flags give; what they leave out stays unknown. */
export function readHorizon(args: {
  readonly 'steps-per-epoch'?: string | undefined;
  readonly 'total-steps'?: string | undefined;
}): Horizon {
  const stepsPerEpoch = numberFlag('steps-per-epoch', args['steps-per-epoch'], positive);
  const totalSteps = numberFlag('total-steps', args['total-steps'], positive);
  return { ...(stepsPerEpoch !== undefined && { stepsPerEpoch }), ...(totalSteps !== undefined && { totalSteps }) };
}
