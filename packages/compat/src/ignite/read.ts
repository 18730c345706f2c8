import type { DescribedSchedule, Plan } from '@anneal/core';
import { pick, readNamed, readRate } from '../readNamed.ts';
import { translations } from './schedulers.ts';

/**
 * Reads a parameter scheduler of pytorch-ignite,
 * `{ "name": "CosineAnnealingScheduler", "args": { "start_value": 0.1, "end_value": 0.01, "cycle_size": 100 } }`.
 *
 * Known are LinearCyclicalScheduler, CosineAnnealingScheduler, PiecewiseLinear, ConcatScheduler with descriptions in
 * `args.schedulers`, and create_lr_scheduler_with_warmup around one of these in `args.lr_scheduler` (the optimizer's rate,
 * its end where warmup_end_value is not given, is `lr`). The values are absolute; they are read as the learning rate.
 *
 * @throws ScheduleError with the JSON pointer of an unknown name or argument, or of a value that ignite or we refuse
 * @example
 * read({ name: 'PiecewiseLinear', args: { milestones_values: [[0, 0.1], [100, 0.01]] } })
 */
export function read(description: unknown): Plan {
  const { name, lr } = readNamed('ignite', description, '', ['name', 'args', 'lr']);
  const rate = (): number => readRate(name, lr, '');
  return { learningRate: readScheduler(description, '', rate) };
}

function readScheduler(description: unknown, path: string, lr: () => number): DescribedSchedule {
  const keys = path === '' ? ['name', 'args', 'lr'] : ['name', 'args'];
  const { name, args } = readNamed('ignite', description, path, keys);
  const nested = (inner: unknown, at: string): DescribedSchedule => readScheduler(inner, at, lr);
  return pick('ignite', translations, name, path)(args, { lr, nested }, `${path}/args`);
}
