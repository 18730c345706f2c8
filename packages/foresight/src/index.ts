export {
  quadraticRisk,
  type GradientNoise,
  type QuadraticOptions,
  type QuadraticRisk,
} from './quadratic/quadraticRisk.ts';
export { lastIterateBound, type LastIterateBound, type LastIterateOptions } from './bound/lastIterateBound.ts';
export { fitMomentumLaw } from './law/fitMomentumLaw.ts';
export { fitMultiPowerLaw } from './law/fitMultiPowerLaw.ts';
export type { Bootstrap } from './law/bootstrap.ts';
export type { FitOptions, FittedLaw, IntervalOptions, IntervalPrediction } from './law/fitLaw.ts';
export {
  lossModel,
  type LawName,
  type LawParameters,
  type LossModel,
  type Prediction,
  type PredictOptions,
} from './law/lossModel.ts';
export type { MomentumLawParameter } from './law/momentumLaw.ts';
export type { MultiPowerParameter } from './law/multiPowerLaw.ts';
export type { Quality } from './law/quality.ts';
export type { RecordedRun } from './law/recorded.ts';
export { designSchedule, type Design, type DesignOptions, type Reference } from './design/designSchedule.ts';
export type { FamilyName } from './design/families.ts';
export type { DesignObjective } from './design/objective.ts';
export { refineFromGradientNorms, type RefineOptions } from './refine/refineFromGradientNorms.ts';
export { transferPeak, type TransferOptions, type TransferredPeak } from './transfer/transferPeak.ts';
