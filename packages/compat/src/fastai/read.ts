import { ScheduleError, show, type Horizon, type Plan } from '@anneal/core';
import { readObject, refuse } from '../readArguments.ts';
import { pick, readNamed } from '../readNamed.ts';
import { translations } from './schedules.ts';

/**
 * Reads what a method of fastai's Learner trains with,
 * `{ "name": "fit_one_cycle", "args": { "n_epoch": 5, "lr_max": 0.003 } }`.
 *
 * Known are fit_one_cycle, fit_flat_cos, fit_sgdr and the range test lr_find. All but the last count epochs and need
 * `horizon.stepsPerEpoch`. fastai's momentum is β₁ of its Adam; with `"optimizer": "sgd"` it is the momentum.
 *
 * @throws ScheduleError with the JSON pointer of an unknown method or argument, or of a value that fastai or we refuse
 * @example
 * read({ name: 'fit_flat_cos', args: { n_epoch: 5, lr: 0.003 } }, { stepsPerEpoch: 100 })
 */
export function read(description: unknown, horizon: Horizon = {}): Plan {
  const { optimizer = 'adam', ...rest } = readObject('fastai', description, '');
  const { name, args } = readNamed('fastai', rest, '', ['name', 'args']);
  if (optimizer !== 'adam' && optimizer !== 'sgd') {
    throw refuse('invalid', 'fastai', 'optimizer', '"adam" or "sgd"', optimizer, '');
  }
  const stepsPerEpoch = (): number => {
    if (horizon.stepsPerEpoch !== undefined) return horizon.stepsPerEpoch;
    const message = `fastai: ${show(name)} counts epochs, and stepsPerEpoch is not known here`;
    throw new ScheduleError('horizon', '/args', message, { type: name });
  };
  const momentum = optimizer === 'adam' ? 'beta1' : 'momentum';
  return pick('fastai', translations, name, '')(args, { stepsPerEpoch, momentum }, '/args');
}
