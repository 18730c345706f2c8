import { unheardControllers, type Controller, type Plan } from '@anneal/core';
import { LabError } from '../labError.ts';
import { guideOf, type Task } from '../tasks/task.ts';

/** What training reports to a plan's controllers: after each update, at the end of each epoch, and after each validation. */
export function reportedMetrics({ metrics, lossMetric }: Pick<Task, 'metrics' | 'lossMetric'>): readonly string[] {
  const measured = [...(lossMetric === undefined ? [] : ['loss']), ...metrics.map(({ name }) => name)];
  return ['batchLoss', 'loss', ...measured.map((name) => `val_${name}`)];
}

/**
 * Throws a {@link LabError} for a controller that monitors what training does not report, or an early stopping that would
 * end the run before a controller of the same evaluations could ever act and be judged.
 */
export function checkControllers(plan: Plan, task: Task, patience: number | null): void {
  const reported = reportedMetrics(task);
  const guide = guideOf(task).name;
  const [unheard] = unheardControllers(plan, reported);
  if (unheard !== undefined) {
    const rule = `one of those that training reports (${reported.join(', ')})`;
    const received = JSON.stringify(unheard.use.monitor);
    throw new LabError('invalid', `controller ${unheard.path}: monitor must be ${rule}; received ${received}`);
  }
  if (patience === null) return;
  // Those that hear the metric by which the run stops: none of the others is heard.
  const others = reported.filter((name) => name !== guide);
  for (const { path, use } of unheardControllers(plan, others)) {
    if (actsWithin(use, patience - 1)) continue;
    const rule = `larger than the validations without improvement after which the controller ${path} acts, or it would never be seen to act`;
    throw new LabError('invalid', `patience must be ${rule}; received ${patience}`);
  }
}

/** Whether a controller changes its factor within so many reports that do not improve on the first. */
function actsWithin(use: Controller, reports: number): boolean {
  let state = use.observe(use.init(), 1, { step: 1, value: 1 });
  const before = use.factor(state, { step: 1, value: 1 });
  for (let i = 1; i <= reports; i += 1) {
    const at = { step: i + 1, value: 1 };
    state = use.observe(state, 1, at);
    if (use.factor(state, at) !== before) return true;
  }
  return false;
}
