// Written by `pnpm generate` from the files beside it; do not edit.
import type { AnyControllerDefinition } from '../definition/defineController.ts';
import type { AnyScheduleDefinition } from '../definition/defineSchedule.ts';
import { chebyshev } from '../schedules/chebyshev.ts';
import { constant } from '../schedules/constant.ts';
import { cosineDecay } from '../schedules/cosineDecay.ts';
import { cyclic } from '../schedules/cyclic.ts';
import { exponentialDecay } from '../schedules/exponentialDecay.ts';
import { infinite } from '../schedules/infinite.ts';
import { interpolate } from '../schedules/interpolate.ts';
import { inverseLinearDecay } from '../schedules/inverseLinearDecay.ts';
import { inverseSqrtDecay } from '../schedules/inverseSqrtDecay.ts';
import { inverseTimeDecay } from '../schedules/inverseTimeDecay.ts';
import { linear } from '../schedules/linear.ts';
import { multiStepDecay } from '../schedules/multiStepDecay.ts';
import { naturalExponentialDecay } from '../schedules/naturalExponentialDecay.ts';
import { noam } from '../schedules/noam.ts';
import { oneCycle } from '../schedules/oneCycle.ts';
import { piecewiseConstant } from '../schedules/piecewiseConstant.ts';
import { polynomialDecay } from '../schedules/polynomialDecay.ts';
import { powerDecay } from '../schedules/powerDecay.ts';
import { rexDecay } from '../schedules/rexDecay.ts';
import { slantedTriangular } from '../schedules/slantedTriangular.ts';
import { stableDecay } from '../schedules/stableDecay.ts';
import { stepDecay } from '../schedules/stepDecay.ts';
import { sweep } from '../schedules/sweep.ts';
import { tanhDecay } from '../schedules/tanhDecay.ts';
import { triStage } from '../schedules/triStage.ts';
import { warmRestarts } from '../schedules/warmRestarts.ts';
import { add } from '../combinators/add.ts';
import { annealFrom } from '../combinators/annealFrom.ts';
import { clamp } from '../combinators/clamp.ts';
import { dampen } from '../combinators/dampen.ts';
import { hold } from '../combinators/hold.ts';
import { inEpochs } from '../combinators/inEpochs.ts';
import { multiply } from '../combinators/multiply.ts';
import { noise } from '../combinators/noise.ts';
import { perEpoch } from '../combinators/perEpoch.ts';
import { pulse } from '../combinators/pulse.ts';
import { quantize } from '../combinators/quantize.ts';
import { recurrence } from '../combinators/recurrence.ts';
import { repeat } from '../combinators/repeat.ts';
import { scale } from '../combinators/scale.ts';
import { scaleToBatch } from '../combinators/scaleToBatch.ts';
import { sequence } from '../combinators/sequence.ts';
import { shift } from '../combinators/shift.ts';
import { stretch } from '../combinators/stretch.ts';
import { warmup } from '../combinators/warmup.ts';
import { greedy } from '../controllers/greedy.ts';
import { reduceOnPlateau } from '../controllers/reduceOnPlateau.ts';
import { spikeGuard } from '../controllers/spikeGuard.ts';

/**
 * Every kind of schedule in this package.
 *
 * @example
 * scheduleDefinitions.some(({ type }) => type === 'cosineDecay'); // true
 */
export const scheduleDefinitions: readonly AnyScheduleDefinition[] = [chebyshev, constant, cosineDecay, cyclic, exponentialDecay, infinite, interpolate, inverseLinearDecay, inverseSqrtDecay, inverseTimeDecay, linear, multiStepDecay, naturalExponentialDecay, noam, oneCycle, piecewiseConstant, polynomialDecay, powerDecay, rexDecay, slantedTriangular, stableDecay, stepDecay, sweep, tanhDecay, triStage, warmRestarts, add, annealFrom, clamp, dampen, hold, inEpochs, multiply, noise, perEpoch, pulse, quantize, recurrence, repeat, scale, scaleToBatch, sequence, shift, stretch, warmup];

/**
 * Every kind of controller in this package.
 *
 * @example
 * controllerDefinitions.map(({ type }) => type); // ['greedy', 'reduceOnPlateau', 'spikeGuard']
 */
export const controllerDefinitions: readonly AnyControllerDefinition[] = [greedy, reduceOnPlateau, spikeGuard];
