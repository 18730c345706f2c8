// Written by `pnpm generate` from the files beside it; do not edit.
export * from '../kinds/child.ts';
export * from '../kinds/choice.ts';
export * from '../kinds/count.ts';
export * from '../kinds/factor.ts';
export * from '../kinds/flag.ts';
export * from '../kinds/fraction.ts';
export * from '../kinds/integer.ts';
export * from '../kinds/list.ts';
export * from '../kinds/positiveFactor.ts';
export * from '../kinds/rate.ts';
export * from '../kinds/real.ts';
export * from '../kinds/steps.ts';
export * from '../kinds/stepsOrZero.ts';
export * from '../kinds/text.ts';
export * from '../kinds/wholeSteps.ts';
