import type { Report } from '../report/report.ts';
import type { Trial } from '../trials/trial.ts';
import type { TrialResult } from '../trials/trialResult.ts';

/**
 * A question that trials answer. It asks by a pure function of what it was told, so that replayed over `trials.jsonl` it
 * goes on where it was, and is the same study wherever its trials run.
 */
export interface Study<Answer> {
  readonly name: string;
  /** The trials to run next, at most `free`, none that was told; `done` where no more will come. */
  ask(told: readonly TrialResult[], free: number): { readonly trials: readonly Trial[]; readonly done: boolean };
  /** Whether a trial under way is not worth going on with. */
  prune?(running: Pick<TrialResult, 'trial' | 'curve'>, told: readonly TrialResult[]): boolean;
  answer(told: readonly TrialResult[]): Answer;
  report(answer: Answer, told: readonly TrialResult[]): Report;
}
