import type { PlanSpec } from '@anneal/core';
import type { TrainSettings } from '../studies/trainStudy.ts';
import type { Split } from '../tasks/source.ts';
import type { StepEvent } from '../trials/events.ts';
import type { TrialResult } from '../trials/trialResult.ts';
import { keyText, type MetricsRow, type RunKey } from './metricsRow.ts';

/**
 * How one run ended; beside these `testAccuracy`, `testLoss`, `validationAccuracy` and so on, one for each metric of the task
 * on each split. What is not finite is null.
 */
export interface RunSummary extends RunKey {
  /** Updates made. */
  readonly steps: number;
  /** Null where the run was completed. */
  readonly stopped: null | 'diverged' | 'early' | 'pruned' | 'failed';
  /** Why, as a sentence. */
  readonly reason: string | null;
  /** Mean training loss of the last epoch. */
  readonly finalLoss: number | null;
  /** Updates after which the tested weights were taken. */
  readonly testedStep: number;
  readonly stepsPerSecond: number;
  readonly [metric: string]: number | string | null;
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
export interface Summary extends Omit<TrainSettings, 'optimizer' | 'budget' | 'from'> {
  readonly optimizer: string;
  readonly optimizerSettings: Readonly<Record<string, number | boolean | string>>;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** The plan that the schedule became, in canonical form. */
  readonly plan: PlanSpec;
  readonly runs: readonly RunSummary[];
  readonly differences: readonly Difference[];
}

/** `accuracy` on the test is `testAccuracy`. */
export const measureName = (split: Split, metric: string): string =>
  `${split}${metric.charAt(0).toUpperCase()}${metric.slice(1)}`;

export function runSummary({
  trial,
  updates,
  ended,
  reason,
  measured,
  testedStep,
  stepSeconds,
}: TrialResult): RunSummary {
  const measures = (['test', 'validation'] as const).flatMap((split) =>
    Object.entries(measured[split] ?? {}).map(([name, value]) => [measureName(split, name), value] as const),
  );
  return {
    run: trial.label,
    backend: trial.backend,
    seed: trial.seed,
    steps: updates,
    stopped: ended === 'completed' || ended === 'aborted' ? null : ended,
    reason,
    ...Object.fromEntries(measures),
    finalLoss: measured.train?.['loss'] ?? null,
    testedStep,
    stepsPerSecond: stepSeconds > 0 ? Number((1 / stepSeconds).toFixed(1)) : 0,
  };
}

/** Every pair of backends in every run. */
export function differences(rows: readonly MetricsRow[], backends: readonly string[]): Difference[] {
  const steps = new Map<string, (StepEvent & RunKey)[]>();
  for (const row of rows) {
    if (row.event !== 'step') continue;
    const own = steps.get(keyText(row)) ?? [];
    own.push(row);
    steps.set(keyText(row), own);
  }
  const pairs = backends.flatMap((a, i) => backends.slice(i + 1).map((b) => [a, b] as const));
  const runs = [...new Set(rows.map(({ run, seed }) => JSON.stringify({ run, seed })))];
  return runs.flatMap((text) => {
    const key = JSON.parse(text) as Pick<RunKey, 'run' | 'seed'>;
    return pairs.map(([a, b]): Difference => {
      const of = (backend: string) => steps.get(keyText({ ...key, backend })) ?? [];
      const [first, second] = [of(a), of(b)];
      const shared = Math.min(first.length, second.length);
      let learningRate = 0;
      let loss = 0;
      for (let i = 0; i < shared; i += 1) {
        const [x, y] = [first[i]!, second[i]!];
        learningRate = Math.max(learningRate, Math.abs(x.values.learningRate - y.values.learningRate));
        loss = Math.max(loss, Math.abs(x.loss - y.loss));
      }
      return { run: key.run, backends: [a, b], steps: shared, learningRate, loss };
    });
  });
}
