// Written by `pnpm generate` from the files beside it; do not edit.
export * from '../schedules/constant.ts';
export * from '../schedules/cosineDecay.ts';
export * from '../schedules/exponentialDecay.ts';
export * from '../schedules/linear.ts';
export * from '../schedules/naturalExponentialDecay.ts';
export * from '../schedules/stepDecay.ts';
export * from '../combinators/pulse.ts';
export * from '../combinators/sequence.ts';
export * from '../combinators/warmup.ts';
export * from '../controllers/reduceOnPlateau.ts';
