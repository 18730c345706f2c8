import { mustBe } from '@anneal/core';
import type { Binding } from '../binding.ts';
import type { Fit, Logs } from './closureCallback.ts';
import { accumulationOf, fitUpdates } from './fitUpdates.ts';
import { checkFit, leavePlace, takePlace, wrongOptimizer } from './fitPlace.ts';
import { fitReports } from './fitReports.ts';
import { endSentence, unheardSentence, warnings, type Warn } from './fitWarnings.ts';

/** What decides how a binding goes through `fit`. */
export interface FitCourseSettings {
  readonly logKey: string;
  readonly report: boolean;
  readonly initialEpoch: 'follow' | 'ignore';
  readonly warn: Warn | undefined;
}

/** A binding on its way through one fit after another. */
export interface FitCourse {
  /** A fit begins; refused if it is not the binding's. */
  trainBegin(fit: Fit): void;
  epochBegin(epoch: number): void;
  batchBegin(logs: Logs): void;
  batchEnd(logs: Logs): Promise<void>;
  epochEnd(logs: Logs): Promise<void>;
  trainEnd(): void;
}

export function fitCourse(subject: string, binding: Binding, settings: FitCourseSettings): FitCourse {
  const { logKey, report, initialEpoch, warn } = settings;
  const { microBatches } = accumulationOf(binding.hooks);
  const reports = fitReports(subject, binding);
  const say = warnings(subject, binding, warn);
  const heard = (): string => JSON.stringify(binding.scheduler.state().controllers);

  /** The call of fit, and what was so when its first epoch began. */
  let fit: Fit = {};
  let begun: { readonly step: number; readonly heard: string } | undefined;
  let [batches, nextEpoch] = [0, 0];

  function begin(epoch: number): void {
    const length = fitUpdates(fit.params, binding.hooks);
    // What a fit without this callback left over, or one that failed.
    binding.finish();
    if (initialEpoch === 'follow') takePlace(subject, binding, epoch, length);
    const { step } = binding;
    const end = step + length.updates((fit.params?.epochs ?? NaN) - epoch);
    if (end > step) say('end', endSentence(binding, end));
    reports.begin();
    begun = { step, heard: heard() };
    batches = 0;
  }

  return {
    trainBegin(now) {
      checkFit(subject, binding, now);
      const taken = ['batch', 'size', ...(now.params?.metrics ?? [])];
      if (taken.includes(logKey)) mustBe(subject, 'logKey', `another name than ${taken.join(', ')}`, logKey);
      [fit, begun] = [now, undefined];
    },
    epochBegin(epoch) {
      if (begun === undefined) begin(epoch);
      nextEpoch = epoch + 1;
    },
    // The object that is passed here is the one that batchEnd will get; at its begin there is nothing to read back.
    batchBegin(logs) {
      logs[logKey] = Math.fround(binding.scheduler.values().learningRate);
    },
    async batchEnd(logs) {
      batches++;
      if (report) await reports.batch(logs);
    },
    async epochEnd(logs) {
      logs[logKey] = binding.learningRate;
      if (report) await reports.epoch(logs);
      leavePlace(binding, nextEpoch);
      // A fit that hides its model shows by this alone that it trains with another optimizer.
      if (fit.model === undefined && batches >= microBatches && binding.step === begun?.step) wrongOptimizer(subject);
    },
    trainEnd() {
      binding.finish();
      if (report) reports.end();
      else if (batches > 0 && begun?.heard === heard()) say('unheard', unheardSentence(binding));
      leavePlace(binding, nextEpoch);
    },
  };
}
