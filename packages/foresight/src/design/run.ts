import type { Objective } from './objective.ts';

/** What a design is made under. */
export interface Run {
  readonly steps: number;
  readonly warmupSteps: number;
  readonly peak: number | undefined;
  readonly endValue: number | undefined;
  readonly objective: Objective;
}
