import { unheardControllers, type Scheduler } from '@anneal/core';
import { TrainerError } from './trainerError.ts';

/** What the trainer itself tells the plan's controllers, after every update: the loss of its batch. */
export const reported = 'batchLoss';

/**
 * Refuses a run in which a controller of the plan would wait for ever.
 *
 * @throws TrainerError `argument` that names the first controller whose metric neither the trainer nor its caller reports.
 */
export function checkReports({ plan }: Scheduler, own: readonly string[]): void {
  const [unheard] = unheardControllers(plan, [reported, ...own]);
  if (unheard === undefined) return;
  const metric = JSON.stringify(unheard.use.monitor);
  const sentence = `the controller ${unheard.path} reads ${metric}, and the trainer reports "${reported}" alone; report ${metric} with trainer.scheduler.report and say so to createTrainer, reports: [${metric}]`;
  throw new TrainerError('argument', 'reports', sentence);
}
