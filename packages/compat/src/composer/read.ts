import type { Horizon, Plan } from '@anneal/core';
import { positiveFactor } from '@anneal/core/kinds';
import { readObject, refuse } from '../readArguments.ts';
import { pick, readNamed, readRate } from '../readNamed.ts';
import { translations } from './schedulers.ts';
import { clockOf } from './time.ts';

/**
 * Reads a scheduler of MosaicML Composer over the optimizer's rate,
 * `{ "name": "CosineAnnealingWithWarmupScheduler", "args": { "t_warmup": "100ba", "alpha_f": 0.1 }, "lr": 6e-4 }`.
 *
 * Times are in epochs ("5ep"), batches ("100ba") or a share of the run ("0.5dur"); the first need
 * `horizon.stepsPerEpoch`, the last, which is also where most end, `horizon.totalSteps`. The Trainer's
 * `scale_schedule_ratio` may stand beside `lr`. Of several schedulers of a Trainer only one can be read.
 *
 * @throws ScheduleError with the JSON pointer of an unknown name or argument, or of a value that Composer or we refuse
 * @example
 * read({ name: 'LinearScheduler', args: { alpha_f: 0.1, t_max: '100ba' }, lr: 0.1 })
 */
export function read(description: unknown, horizon: Horizon = {}): Plan {
  const { scale_schedule_ratio: given = 1, ...rest } = readObject('composer', description, '');
  const { name, args, lr } = readNamed('composer', rest, '', ['name', 'args', 'lr']);
  const translate = pick('composer', translations, name, '');
  const ratio = positiveFactor.read(given);
  if (ratio === undefined) throw refuse('invalid', name, 'scale_schedule_ratio', positiveFactor.rule, given, '');
  return { learningRate: translate(args, { lr: readRate(name, lr, ''), clock: clockOf(horizon), ratio }, '/args') };
}
