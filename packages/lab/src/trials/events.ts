import type { StepValues } from '@anneal/core';
import type { Split } from '../tasks/source.ts';
import type { Measured } from './trialResult.ts';

/** One update: the hyperparameters that the framework applied (float32, read back from it) and the batch's loss. */
export interface StepEvent {
  readonly event: 'step';
  /** Updates made before: the first update's event has 0. */
  readonly step: number;
  readonly epoch: number;
  readonly values: StepValues;
  readonly loss: number;
  /** Where the backend has it without a further read-back. */
  readonly gradientNorm?: number;
}

/** A look at a split that is not trained on, after `step` updates. */
export interface EvaluationEvent {
  readonly event: 'evaluation';
  readonly step: number;
  readonly epoch: number;
  readonly split: Split;
  readonly metrics: Measured;
}

/** The loop went back: updates from `to` on are made again, at `factor` times the rate. */
export interface RollbackEvent {
  readonly event: 'rollback';
  /** The update whose loss was not finite. */
  readonly step: number;
  readonly epoch: number;
  readonly to: number;
  readonly factor: number;
}

/** How long the updates from `step` on took, evaluation and checkpoints apart. */
export interface TimingEvent {
  readonly event: 'timing';
  readonly step: number;
  /** Number of updates. */
  readonly updates: number;
  readonly milliseconds: number;
}

/** What happens in a trial that is the same on every machine. */
export type MetricsEvent = StepEvent | EvaluationEvent | RollbackEvent;

/** What a training loop tells, in order. */
export type TrainingEvent = MetricsEvent | TimingEvent;
