import type { Plan } from '@anneal/core';
import { pick, readNamed, readRate } from '../readNamed.ts';
import { translations } from './schedulers.ts';

/**
 * Reads a scheduler of fairseq by the name it has on the command line, its options, and `optimization.lr` as `lr`:
 * `{ "name": "inverse_sqrt", "args": { "warmup_updates": 4000 }, "lr": 5e-4 }`.
 *
 * Known are cosine, fixed (of one rate, without force_anneal), inverse_sqrt, polynomial_decay (likewise), step, tri_stage
 * and triangular. `max_update` stands among the options where a scheduler reads it.
 *
 * @throws ScheduleError with the JSON pointer of an unknown name or option, or of a value that fairseq or we refuse
 * @example
 * read({ name: 'step', args: { lr_deacy_period: 1000 }, lr: 0.1 })
 */
export function read(description: unknown): Plan {
  const { name, args, lr } = readNamed('fairseq', description, '', ['name', 'args', 'lr']);
  return { learningRate: pick('fairseq', translations, name, '')(args, readRate(name, lr, ''), '/args') };
}
