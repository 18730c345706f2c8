// Written by `pnpm generate` from the files beside it; do not edit.
import type { SpecOf } from '../schedule.ts';
import type { ChebyshevOptions } from '../schedules/chebyshev.ts';
import type { ConstantOptions } from '../schedules/constant.ts';
import type { CosineDecayOptions } from '../schedules/cosineDecay.ts';
import type { CyclicOptions } from '../schedules/cyclic.ts';
import type { ExponentialDecayOptions } from '../schedules/exponentialDecay.ts';
import type { InfiniteOptions } from '../schedules/infinite.ts';
import type { InterpolateOptions } from '../schedules/interpolate.ts';
import type { InverseLinearDecayOptions } from '../schedules/inverseLinearDecay.ts';
import type { InverseSqrtDecayOptions } from '../schedules/inverseSqrtDecay.ts';
import type { InverseTimeDecayOptions } from '../schedules/inverseTimeDecay.ts';
import type { LinearOptions } from '../schedules/linear.ts';
import type { MultiStepDecayOptions } from '../schedules/multiStepDecay.ts';
import type { NaturalExponentialDecayOptions } from '../schedules/naturalExponentialDecay.ts';
import type { NoamOptions } from '../schedules/noam.ts';
import type { OneCycleOptions } from '../schedules/oneCycle.ts';
import type { PiecewiseConstantOptions } from '../schedules/piecewiseConstant.ts';
import type { PolynomialDecayOptions } from '../schedules/polynomialDecay.ts';
import type { PowerDecayOptions } from '../schedules/powerDecay.ts';
import type { RexDecayOptions } from '../schedules/rexDecay.ts';
import type { SlantedTriangularOptions } from '../schedules/slantedTriangular.ts';
import type { StableDecayOptions } from '../schedules/stableDecay.ts';
import type { StepDecayOptions } from '../schedules/stepDecay.ts';
import type { SweepOptions } from '../schedules/sweep.ts';
import type { TanhDecayOptions } from '../schedules/tanhDecay.ts';
import type { TriStageOptions } from '../schedules/triStage.ts';
import type { WarmRestartsOptions } from '../schedules/warmRestarts.ts';
import type { AddOptions } from '../combinators/add.ts';
import type { AnnealFromOptions } from '../combinators/annealFrom.ts';
import type { ClampOptions } from '../combinators/clamp.ts';
import type { DampenOptions } from '../combinators/dampen.ts';
import type { HoldOptions } from '../combinators/hold.ts';
import type { InEpochsOptions } from '../combinators/inEpochs.ts';
import type { MultiplyOptions } from '../combinators/multiply.ts';
import type { NoiseOptions } from '../combinators/noise.ts';
import type { PerEpochOptions } from '../combinators/perEpoch.ts';
import type { PulseOptions } from '../combinators/pulse.ts';
import type { QuantizeOptions } from '../combinators/quantize.ts';
import type { RecurrenceOptions } from '../combinators/recurrence.ts';
import type { RepeatOptions } from '../combinators/repeat.ts';
import type { ScaleOptions } from '../combinators/scale.ts';
import type { ScaleToBatchOptions } from '../combinators/scaleToBatch.ts';
import type { SequenceOptions } from '../combinators/sequence.ts';
import type { ShiftOptions } from '../combinators/shift.ts';
import type { StretchOptions } from '../combinators/stretch.ts';
import type { WarmupOptions } from '../combinators/warmup.ts';
import type { GreedyOptions } from '../controllers/greedy.ts';
import type { ReduceOnPlateauOptions } from '../controllers/reduceOnPlateau.ts';
import type { SpikeGuardOptions } from '../controllers/spikeGuard.ts';

declare module '../schedule.ts' {
  interface ScheduleSpecs {
    readonly chebyshev: SpecOf<'chebyshev', ChebyshevOptions>;
    readonly constant: SpecOf<'constant', ConstantOptions>;
    readonly cosineDecay: SpecOf<'cosineDecay', CosineDecayOptions>;
    readonly cyclic: SpecOf<'cyclic', CyclicOptions>;
    readonly exponentialDecay: SpecOf<'exponentialDecay', ExponentialDecayOptions>;
    readonly infinite: SpecOf<'infinite', InfiniteOptions>;
    readonly interpolate: SpecOf<'interpolate', InterpolateOptions>;
    readonly inverseLinearDecay: SpecOf<'inverseLinearDecay', InverseLinearDecayOptions>;
    readonly inverseSqrtDecay: SpecOf<'inverseSqrtDecay', InverseSqrtDecayOptions>;
    readonly inverseTimeDecay: SpecOf<'inverseTimeDecay', InverseTimeDecayOptions>;
    readonly linear: SpecOf<'linear', LinearOptions>;
    readonly multiStepDecay: SpecOf<'multiStepDecay', MultiStepDecayOptions>;
    readonly naturalExponentialDecay: SpecOf<'naturalExponentialDecay', NaturalExponentialDecayOptions>;
    readonly noam: SpecOf<'noam', NoamOptions>;
    readonly oneCycle: SpecOf<'oneCycle', OneCycleOptions>;
    readonly piecewiseConstant: SpecOf<'piecewiseConstant', PiecewiseConstantOptions>;
    readonly polynomialDecay: SpecOf<'polynomialDecay', PolynomialDecayOptions>;
    readonly powerDecay: SpecOf<'powerDecay', PowerDecayOptions>;
    readonly rexDecay: SpecOf<'rexDecay', RexDecayOptions>;
    readonly slantedTriangular: SpecOf<'slantedTriangular', SlantedTriangularOptions>;
    readonly stableDecay: SpecOf<'stableDecay', StableDecayOptions>;
    readonly stepDecay: SpecOf<'stepDecay', StepDecayOptions>;
    readonly sweep: SpecOf<'sweep', SweepOptions>;
    readonly tanhDecay: SpecOf<'tanhDecay', TanhDecayOptions>;
    readonly triStage: SpecOf<'triStage', TriStageOptions>;
    readonly warmRestarts: SpecOf<'warmRestarts', WarmRestartsOptions>;
    readonly add: SpecOf<'add', AddOptions>;
    readonly annealFrom: SpecOf<'annealFrom', AnnealFromOptions>;
    readonly clamp: SpecOf<'clamp', ClampOptions>;
    readonly dampen: SpecOf<'dampen', DampenOptions>;
    readonly hold: SpecOf<'hold', HoldOptions>;
    readonly inEpochs: SpecOf<'inEpochs', InEpochsOptions>;
    readonly multiply: SpecOf<'multiply', MultiplyOptions>;
    readonly noise: SpecOf<'noise', NoiseOptions>;
    readonly perEpoch: SpecOf<'perEpoch', PerEpochOptions>;
    readonly pulse: SpecOf<'pulse', PulseOptions>;
    readonly quantize: SpecOf<'quantize', QuantizeOptions>;
    readonly recurrence: SpecOf<'recurrence', RecurrenceOptions>;
    readonly repeat: SpecOf<'repeat', RepeatOptions>;
    readonly scale: SpecOf<'scale', ScaleOptions>;
    readonly scaleToBatch: SpecOf<'scaleToBatch', ScaleToBatchOptions>;
    readonly sequence: SpecOf<'sequence', SequenceOptions>;
    readonly shift: SpecOf<'shift', ShiftOptions>;
    readonly stretch: SpecOf<'stretch', StretchOptions>;
    readonly warmup: SpecOf<'warmup', WarmupOptions>;
  }
}

declare module '../controller.ts' {
  interface ControllerSpecs {
    readonly greedy: SpecOf<'greedy', GreedyOptions>;
    readonly reduceOnPlateau: SpecOf<'reduceOnPlateau', ReduceOnPlateauOptions>;
    readonly spikeGuard: SpecOf<'spikeGuard', SpikeGuardOptions>;
  }
}
