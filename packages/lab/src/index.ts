export { examplesIn, rowsOf, slicesOf } from './data/rows.ts';
export { elementsOf, type Batch, type Numbers, type Tensor } from './data/tensor.ts';
export { executeTrial, openTrial, type ExecutionOptions, type OpenTrial } from './executors/executeTrial.ts';
export type { Executor, ExecutorHost } from './executors/executor.ts';
export { inline, type InlineExecutor } from './executors/inline.ts';
export { LabError, type LabErrorCode } from './labError.ts';
export type { Backend, WasmPaths } from './learners/backend.ts';
export { backendName } from './learners/backendName.ts';
export { backendNamed, backends } from './learners/backendNamed.ts';
export type { Learner, Trained } from './learners/learner.ts';
export type { Metric, Unit } from './metrics/metric.ts';
export * from './metrics/metrics.gen.ts';
export type { Model } from './models/model.ts';
export type { OptimizerRecipe, OptimizerSettings } from './optimizers/optimizerRecipe.ts';
export { optimizerNames, recipeNamed } from './optimizers/recipeNamed.ts';
export { generator } from './random/generator.ts';
export { permutation } from './random/permutation.ts';
export { standing, type MetricsRow, type RunKey, type TimingRow } from './report/metricsRow.ts';
export type { Report, Section } from './report/report.ts';
export { measureName, type Difference, type RunSummary, type Summary } from './report/summary.ts';
export { defaultSchedule, peakRate } from './studies/plans.ts';
export { runStudy, type StudyHost, type StudyRun } from './studies/runStudy.ts';
export type { Study } from './studies/study.ts';
export { trainStudy, trialsOf, type TrainSettings } from './studies/trainStudy.ts';
export { exampleSource, type Splits } from './tasks/exampleSource.ts';
export type { Predict, Source, Split } from './tasks/source.ts';
export { guideOf, type Task } from './tasks/task.ts';
export { taskNamed, taskNames } from './tasks/taskNamed.ts';
export { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './trials/checkpoint.ts';
export { evaluate } from './trials/evaluate.ts';
export type {
  EvaluationEvent,
  MetricsEvent,
  RollbackEvent,
  StepEvent,
  TimingEvent,
  TrainingEvent,
} from './trials/events.ts';
export type { LoopState } from './trials/loopState.ts';
export { reportedMetrics } from './trials/checkControllers.ts';
export { runTrial, type TrialHost } from './trials/runTrial.ts';
export { createSetup, exampleOf, type Setup, type SetupOptions } from './trials/setup.ts';
export type { Budget, Continuation, Duration, Trial } from './trials/trial.ts';
export { canonicalTrial, trialId } from './trials/trialId.ts';
export type { CurvePoint, Ended, Measured, TrialResult } from './trials/trialResult.ts';
