export { gather, sizeOf, type Batch, type Dataset, type Values } from './skeleton/data/batch.ts';
export { LabError, type LabErrorCode } from './labError.ts';
export { backendNamed, backends, createLearner } from './skeleton/learners/createLearner.ts';
export type { LearnerOptions, WasmPaths } from './skeleton/learners/learnerOptions.ts';
export type { Learner, Trained } from './skeleton/learners/learner.ts';
export { mlp } from './skeleton/models/mlp.ts';
export type { Model, Parameter, Tfjs } from './skeleton/models/model.ts';
export {
  optimizerNamed,
  optimizers,
  type OptimizerName,
  type OptimizerSettings,
} from './skeleton/optimizers/optimizer.ts';
export { generator } from './random/generator.ts';
export { permutation } from './random/permutation.ts';
export { digits } from './skeleton/tasks/digits/digits.ts';
export type { Splits, Task } from './skeleton/tasks/task.ts';
export { taskNamed, tasks } from './skeleton/tasks/tasks.ts';
export {
  decodeCheckpoint,
  encodeCheckpoint,
  type Checkpoint,
  type LoopState,
  type Stopped,
  type TrainResult,
} from './skeleton/training/checkpoint.ts';
export { evaluate, score, type Evaluation } from './skeleton/training/evaluate.ts';
export type { EvaluationEvent, MetricsEvent, MetricsSink, StepEvent, TimingEvent } from './skeleton/training/events.ts';
export { controlPlan, defaultSchedule, peakRate } from './skeleton/training/plans.ts';
export { createSetup, type Setup, type SetupOptions } from './skeleton/training/setup.ts';
export {
  differences,
  runSummary,
  type Difference,
  type RunSettings,
  type RunSummary,
  type Summary,
} from './skeleton/training/summary.ts';
export { reportedMetrics } from './skeleton/training/reportedMetrics.ts';
export { train, type TrainOptions } from './skeleton/training/train.ts';
