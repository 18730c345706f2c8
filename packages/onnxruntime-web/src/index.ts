export type { AverageOptions } from './averages.ts';
export type { Batch, BatchLike, Feed, Output } from './batch.ts';
export { createTrainer } from './createTrainer.ts';
export type { TrainerOptions } from './trainerOptions.ts';
export { inferShapes } from './inferShapes.ts';
export type { Ort, OrtData } from './ort.ts';
export type {
  AbortSignalLike,
  RunOptions,
  RunResult,
  StepEvent,
  Trainer,
  Untrained,
  WeightsChoice,
} from './trainer.ts';
export { runEpochs, type EpochEvent, type EpochsOptions, type EpochsResult, type EpochTrainer } from './runEpochs.ts';
export { TrainerError, type TrainerErrorCode } from './trainerError.ts';
