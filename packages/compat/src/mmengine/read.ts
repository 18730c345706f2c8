import type { Plan } from '@anneal/core';
import { pick, readNamed, readRate } from '../readNamed.ts';
import { readPlateau, translations } from './schedulers.ts';

/**
 * Reads one learning-rate scheduler of mmengine over the optimizer's rate `lr`,
 * `{ "name": "CosineAnnealingLR", "args": { "T_max": 100, "eta_min": 1e-4 }, "lr": 0.1 }`.
 *
 * A configuration of mmengine has the class as `type` and its arguments beside it: that is read, too,
 * `{ "type": "CosineAnnealingLR", "T_max": 100, "lr": 0.1 }`.
 *
 * Known are ConstantLR, LinearLR, PolyLR, CosineAnnealingLR, CosineRestartLR, ExponentialLR, StepLR, MultiStepLR, OneCycleLR
 * and ReduceOnPlateauLR, with their windows `begin` and `end`, in steps. A list of schedulers, each of which goes on from
 * the value that it finds, is not read: write it as one `sequence`.
 *
 * @throws ScheduleError with the JSON pointer of an unknown name or argument, or of a value that mmengine or we refuse
 * @example
 * read({ name: 'LinearLR', args: { start_factor: 0.001, end: 500 }, lr: 0.1 })
 */
export function read(description: unknown): Plan {
  const flat = typeof description === 'object' && description !== null && 'type' in description;
  const path = flat ? '' : '/args';
  const { name, args, lr } = readNamed('mmengine', flat ? apart(description) : description, '', ['name', 'args', 'lr']);
  if (name === 'ReduceOnPlateauLR') return { learningRate: readPlateau(args, readRate(name, lr, ''), path) };
  const translate = pick('mmengine', translations, name, '');
  return { learningRate: translate(args, readRate(name, lr, ''), path) };
}

/** A configuration as name and arguments. */
function apart({ type: name, lr, ...args }: { readonly type: unknown; readonly lr?: unknown }): object {
  return { name, args, ...(lr !== undefined && { lr }) };
}
