export { bestWeights, type BestWeights, type BestWeightsOptions } from './bestWeights.ts';
export { callbackList, type AnyCallback } from './callbackList.ts';
export type { ClosureCallback, Logs, YieldEvery } from './closureCallback.ts';
export type { Warn } from './fitWarnings.ts';
export {
  learningRateCallback,
  type LearningRateCallback,
  type LearningRateCallbackOptions,
} from './learningRateCallback.ts';
export { reduceLROnPlateau, type PlateauCallback, type ReduceLROnPlateauOptions } from './reduceLROnPlateau.ts';
export { stepsPerEpoch, totalSteps, type FitDatasetLength, type FitLength } from './totalSteps.ts';
