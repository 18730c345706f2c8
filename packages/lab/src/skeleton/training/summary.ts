import type { PlanSpec } from '@anneal/core';
import type { OptimizerName } from '../optimizers/optimizer.ts';
import type { Stopped, TrainResult } from './checkpoint.ts';
import type { MetricsEvent, StepEvent } from './events.ts';

/** What decides a training command; two commands with equal settings give equal metrics. */
export interface RunSettings {
  readonly version: 1;
  readonly task: string;
  readonly backends: readonly string[];
  readonly optimizer: OptimizerName;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  /** The schedule or plan as it was given. */
  readonly schedule: unknown;
  /** The rate of the constant-rate control; null where none is trained. */
  readonly controlRate: number | null;
  /** Validations without improvement after which a run stops; null: never. */
  readonly patience: number | null;
}

/** How one run ended; rates and losses that are not finite are null. */
export interface RunSummary {
  readonly run: string;
  readonly backend: string;
  readonly seed: number;
  /** Updates made. */
  readonly steps: number;
  readonly stopped: Stopped;
  readonly testAccuracy: number;
  readonly testLoss: number | null;
  readonly validationAccuracy: number;
  readonly validationLoss: number | null;
  /** Mean training loss of the last epoch. */
  readonly finalLoss: number | null;
  /** Updates after which the tested weights were taken. */
  readonly testedStep: number;
  readonly stepsPerSecond: number;
}

/** How far two backends are apart in the same run, over the steps that both made. */
export interface Difference {
  readonly run: string;
  readonly backends: readonly [string, string];
  readonly steps: number;
  /** Largest |difference| of the applied learning rate. */
  readonly learningRate: number;
  /** Largest |difference| of the loss of one update. */
  readonly loss: number;
}

/** `summary.json`; its JSON Schema is published as `@anneal/lab/summary.schema.json`. */
export interface Summary extends RunSettings {
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** The plan that the schedule became, in canonical form. */
  readonly plan: PlanSpec;
  readonly runs: readonly RunSummary[];
  readonly differences: readonly Difference[];
}

export function runSummary(origin: { run: string; backend: string; seed: number }, result: TrainResult): RunSummary {
  const { steps, stopped, test, validation, finalLoss, testedStep, stepsPerSecond } = result;
  return {
    ...origin,
    steps,
    stopped,
    testAccuracy: test.accuracy,
    testLoss: test.loss,
    validationAccuracy: validation.accuracy,
    validationLoss: validation.loss,
    finalLoss,
    testedStep,
    stepsPerSecond: Number(stepsPerSecond.toFixed(1)),
  };
}

/** Every pair of backends in every run. */
export function differences(events: readonly MetricsEvent[], backends: readonly string[]): Difference[] {
  const steps = events.filter((event): event is StepEvent => event.event === 'step');
  const pairs = backends.flatMap((a, i) => backends.slice(i + 1).map((b) => [a, b] as const));
  return [...new Set(steps.map(({ run }) => run))].flatMap((run) =>
    pairs.map(([a, b]) => {
      const of = (backend: string): StepEvent[] => steps.filter((one) => one.run === run && one.backend === backend);
      const [first, second] = [of(a), of(b)];
      const shared = Math.min(first.length, second.length);
      let learningRate = 0;
      let loss = 0;
      for (let i = 0; i < shared; i += 1) {
        const [x, y] = [first[i]!, second[i]!];
        learningRate = Math.max(learningRate, Math.abs(x.values['learningRate']! - y.values['learningRate']!));
        loss = Math.max(loss, Math.abs(x.loss - y.loss));
      }
      return { run, backends: [a, b], steps: shared, learningRate, loss } as const;
    }),
  );
}
