export { callbackList, type AnyCallback } from './callbackList.ts';
export type { ClosureCallback, Logs, YieldEvery } from './closureCallback.ts';
export { learningRateCallback, type LearningRateCallbackOptions } from './learningRateCallback.ts';
export { reduceLROnPlateau, type PlateauCallback, type ReduceLROnPlateauOptions } from './reduceLROnPlateau.ts';
export { stepsPerEpoch, totalSteps, type FitDatasetLength, type FitLength } from './totalSteps.ts';
