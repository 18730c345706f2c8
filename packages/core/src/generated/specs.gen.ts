// Written by `pnpm generate` from the files beside it; do not edit.
import type { SpecOf } from '../schedule.ts';
import type { ConstantOptions } from '../schedules/constant.ts';
import type { CosineDecayOptions } from '../schedules/cosineDecay.ts';
import type { ExponentialDecayOptions } from '../schedules/exponentialDecay.ts';
import type { LinearOptions } from '../schedules/linear.ts';
import type { NaturalExponentialDecayOptions } from '../schedules/naturalExponentialDecay.ts';
import type { StepDecayOptions } from '../schedules/stepDecay.ts';
import type { PulseOptions } from '../combinators/pulse.ts';
import type { SequenceOptions } from '../combinators/sequence.ts';
import type { WarmupOptions } from '../combinators/warmup.ts';
import type { ReduceOnPlateauOptions } from '../controllers/reduceOnPlateau.ts';

/** The JSON form of each kind of schedule by its type. Extend it by declaration merging for definitions of your own. */
export interface ScheduleSpecs {
  readonly constant: SpecOf<'constant', ConstantOptions>;
  readonly cosineDecay: SpecOf<'cosineDecay', CosineDecayOptions>;
  readonly exponentialDecay: SpecOf<'exponentialDecay', ExponentialDecayOptions>;
  readonly linear: SpecOf<'linear', LinearOptions>;
  readonly naturalExponentialDecay: SpecOf<'naturalExponentialDecay', NaturalExponentialDecayOptions>;
  readonly stepDecay: SpecOf<'stepDecay', StepDecayOptions>;
  readonly pulse: SpecOf<'pulse', PulseOptions>;
  readonly sequence: SpecOf<'sequence', SequenceOptions>;
  readonly warmup: SpecOf<'warmup', WarmupOptions>;
}

/** The JSON form of each kind of controller by its type. Extend it like {@link ScheduleSpecs}. */
export interface ControllerSpecs {
  readonly reduceOnPlateau: SpecOf<'reduceOnPlateau', ReduceOnPlateauOptions>;
}
