// Written by `pnpm generate` from the files beside it; do not edit.
import type { AnyControllerDefinition } from '../definition/defineController.ts';
import type { AnyScheduleDefinition } from '../definition/defineSchedule.ts';
import { constant } from '../schedules/constant.ts';
import { cosineDecay } from '../schedules/cosineDecay.ts';
import { exponentialDecay } from '../schedules/exponentialDecay.ts';
import { linear } from '../schedules/linear.ts';
import { naturalExponentialDecay } from '../schedules/naturalExponentialDecay.ts';
import { stepDecay } from '../schedules/stepDecay.ts';
import { pulse } from '../combinators/pulse.ts';
import { sequence } from '../combinators/sequence.ts';
import { warmup } from '../combinators/warmup.ts';
import { reduceOnPlateau } from '../controllers/reduceOnPlateau.ts';

/** Every kind of schedule in this package. */
export const scheduleDefinitions: readonly AnyScheduleDefinition[] = [constant, cosineDecay, exponentialDecay, linear, naturalExponentialDecay, stepDecay, pulse, sequence, warmup];

/** Every kind of controller in this package. */
export const controllerDefinitions: readonly AnyControllerDefinition[] = [reduceOnPlateau];
