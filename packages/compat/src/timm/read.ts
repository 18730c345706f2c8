import type { DescribedSchedule, Plan } from '@anneal/core';
import { rate, text } from '@anneal/core/kinds';
import { readArguments, refusal } from '../readArguments.ts';
import { cosineScheduler, polyScheduler, tanhScheduler } from './cycling.ts';
import { readPlateauScheduler } from './plateau.ts';
import { multiStepScheduler, stepScheduler } from './stepping.ts';
import { wsdScheduler } from './wsd.ts';

/** A timm scheduler and the optimizer's rate, as `read` takes them. */
export interface TimmDescription {
  /** The class: `"CosineLRScheduler"`. */
  readonly name: string;
  /** Its keyword arguments. */
  readonly args?: Readonly<Record<string, unknown>>;
  /** The optimizer's learning rate. */
  readonly lr: number;
}

const schedulers: Readonly<Record<string, (args: unknown, rate: number, path: string) => DescribedSchedule>> = {
  CosineLRScheduler: cosineScheduler,
  MultiStepLRScheduler: multiStepScheduler,
  PolyLRScheduler: polyScheduler,
  StepLRScheduler: stepScheduler,
  TanhLRScheduler: tanhScheduler,
  WSDLRScheduler: wsdScheduler,
};

const table = {
  name: text,
  args: [{ kind: 'object', rule: 'an object', read: (value: unknown) => value }, {}],
  lr: rate,
} as const;

/**
 * The plan that gives the numbers of a timm scheduler: one value for each `t`, whether that counts epochs or updates.
 *
 * For t in epochs wrap the schedule in core's `perEpoch`.
 *
 * @throws ScheduleError that names the class and the argument which is unknown, missing or out of range
 * @example
 * read({ name: 'CosineLRScheduler', args: { t_initial: 300, warmup_t: 5, warmup_prefix: true }, lr: 0.1 })
 */
export function read(description: unknown): Plan {
  const { name, args, lr } = readArguments('timm', description, table, '');
  if (name === 'PlateauLRScheduler') return readPlateauScheduler(args, lr, '/args');
  const scheduler = Object.hasOwn(schedulers, name) ? schedulers[name] : undefined;
  if (scheduler !== undefined) return { learningRate: scheduler(args, lr, '/args') };
  const known = [...Object.keys(schedulers), 'PlateauLRScheduler'].join(', ');
  throw refusal('unknownType', `timm: unknown scheduler ${JSON.stringify(name)}; known: ${known}`, '/name');
}
