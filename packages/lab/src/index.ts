export { gather, sizeOf, type Batch, type Dataset, type Values } from './data/batch.ts';
export { LabError, type LabErrorCode } from './labError.ts';
export {
  backendNamed,
  backends,
  createLearner,
  type LearnerOptions,
  type WasmPaths,
} from './learners/createLearner.ts';
export type { Learner, Trained } from './learners/learner.ts';
export { mlp } from './models/mlp.ts';
export type { Model, Parameter, Tfjs } from './models/model.ts';
export { optimizerNamed, optimizers, type OptimizerName, type OptimizerSettings } from './optimizers/optimizer.ts';
export { generator } from './random/generator.ts';
export { permutation } from './random/permutation.ts';
export { digits } from './tasks/digits/digits.ts';
export type { Splits, Task } from './tasks/task.ts';
export { taskNamed, tasks } from './tasks/tasks.ts';
export {
  decodeCheckpoint,
  encodeCheckpoint,
  type Checkpoint,
  type LoopState,
  type Stopped,
  type TrainResult,
} from './training/checkpoint.ts';
export { evaluate, score, type Evaluation } from './training/evaluate.ts';
export type { EvaluationEvent, MetricsEvent, MetricsSink, StepEvent, TimingEvent } from './training/events.ts';
export { controlPlan, defaultSchedule, peakRate } from './training/plans.ts';
export { createSetup, type Setup, type SetupOptions } from './training/setup.ts';
export {
  differences,
  runSummary,
  type Difference,
  type RunSettings,
  type RunSummary,
  type Summary,
} from './training/summary.ts';
export { reportedMetrics, train, type TrainOptions } from './training/train.ts';
