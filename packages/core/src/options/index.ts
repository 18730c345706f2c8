export { anything, callback } from './callback.ts';
export { check, type Rule } from './check.ts';
export { checkKeys, checkOptions, type Checked, type Option, type OptionTable } from './checkOptions.ts';
export { hint, nearest, type Others } from './nearest.ts';
export { mustBe, show, type MakeError, type Refusal } from '../error.ts';
export * from '../generated/kinds.gen.ts';
