/** Hyperparameters by name. */
type Numbers = Readonly<Record<string, number>>;

interface Origin {
  /** `"schedule"`, or `"control"` for the constant rate beside it. */
  readonly run: string;
  readonly backend: string;
  readonly seed: number;
  /** Updates made before: the first update's event has 0. */
  readonly step: number;
  /** ⌊step / steps per epoch⌋. */
  readonly epoch: number;
}

/** One update: the hyperparameters that the framework applied (float32, read back from it) and the batch's loss. */
export interface StepEvent extends Origin {
  readonly event: 'step';
  readonly values: Numbers;
  readonly loss: number;
}

/** A look at a split that is not trained on, after `step` updates. */
export interface EvaluationEvent extends Origin {
  readonly event: 'evaluation';
  readonly split: 'validation' | 'test';
  /** Null where one is not finite. */
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** A line of `metrics.jsonl`: the same on every machine for the same run. */
export type MetricsEvent = StepEvent | EvaluationEvent;

/** A line of `timing.jsonl`: how long the updates from `step` on took, evaluation and checkpoints apart. */
export interface TimingEvent {
  readonly event: 'timing';
  readonly run: string;
  readonly backend: string;
  readonly seed: number;
  readonly step: number;
  /** Number of updates. */
  readonly updates: number;
  readonly milliseconds: number;
}

/** Where a training loop reports to: files, a progress bar, a page. Called after each stretch of updates. */
export interface MetricsSink {
  write(events: readonly MetricsEvent[]): void;
  time?(event: TimingEvent): void;
}
