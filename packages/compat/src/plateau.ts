import type { ControllerSpecs, Kind, ReduceOnPlateauOptions } from '@anneal/core';
import { choice, factor, properFraction, rate, stepsOrZero } from '@anneal/core/kinds';
import { complete } from './complete.ts';
import { noForm, pythonFloat, pythonNumber } from './python.ts';
import type { Arguments } from './readArguments.ts';
import type { Use } from './tracksOf.ts';
import { onlyIn } from './writers.ts';

type Optional<V> = readonly [kind: Kind<V>, initial: V];
type PlateauTable = Readonly<
  Record<'factor' | 'patience' | 'threshold' | 'cooldown' | 'min_lr', Optional<number>> & {
    mode: Optional<'min' | 'max'>;
    threshold_mode: Optional<'rel' | 'abs'>;
  }
>;

/** The arguments of PyTorch's ReduceLROnPlateau, which others have under the same names. Counts may be fractions. */
export const plateauArguments: PlateauTable = {
  mode: [choice('min', 'max'), 'min'],
  factor: [properFraction, 0.1],
  patience: [stepsOrZero, 10],
  threshold: [factor, 1e-4],
  threshold_mode: [choice('rel', 'abs'), 'rel'],
  cooldown: [stepsOrZero, 0],
  min_lr: [rate, 0],
};

/**
 * The metric of an epoch that a framework is handed without a name: one that shall fall is the loss, one that shall rise
 * the accuracy of the validation data, as there is no other that every runner reports.
 */
export const unnamedMetric = (mode: 'min' | 'max', loss: 'loss' | 'val_loss'): string =>
  mode === 'min' ? loss : 'val_accuracy';

/**
 * What of these arguments is named alike for every controller. A relative threshold is a share of the signed best. Bad
 * reports are more than patience when they are more than its whole part; a cooldown of 1.5 is not over after one.
 */
export const readPlateauArguments = (
  args: Arguments<PlateauTable>,
): Pick<ReduceOnPlateauOptions, 'mode' | 'patience' | 'threshold' | 'thresholdMode' | 'cooldown' | 'minValue'> => ({
  mode: args.mode,
  patience: Math.floor(args.patience),
  threshold: args.threshold,
  thresholdMode: args.threshold_mode === 'rel' ? 'signedRelative' : 'absolute',
  cooldown: Math.ceil(args.cooldown),
  minValue: args.min_lr,
});

/** These arguments as Python, for a framework that has the controller's threshold; without min_lr. */
export const writePlateauArguments = (
  options: Required<Pick<ReduceOnPlateauOptions, 'mode' | 'patience' | 'threshold' | 'thresholdMode' | 'cooldown'>>,
  changeFactor: number,
): Readonly<Record<string, string>> => ({
  mode: `"${options.mode}"`,
  factor: pythonFloat(changeFactor),
  patience: pythonNumber(options.patience),
  threshold: pythonFloat(options.threshold),
  threshold_mode: options.thresholdMode === 'absolute' ? '"abs"' : '"rel"',
  cooldown: pythonNumber(options.cooldown),
});

/** A reduce-on-plateau controller with every option. */
export type CompletePlateau = Required<ControllerSpecs['reduceOnPlateau']>;

/**
 * The options of a reduce-on-plateau controller over a whole run.
 *
 * Throws a ScheduleError for another controller, a window, and the first of the options `like` that is not so.
 */
export function plateauOf(
  framework: string,
  { use, from, until }: Use,
  path: string,
  like: (options: CompletePlateau) => Partial<Record<keyof CompletePlateau, boolean>>,
): CompletePlateau {
  if (use.type !== 'reduceOnPlateau') throw noForm(framework, use.type, 'only reduceOnPlateau is known there', path);
  if (from !== undefined || until !== undefined) throw noForm(framework, use.type, 'it has no window of steps', path);
  const options = complete(use);
  onlyIn(framework)(use.type, `${path}/use`, like(options));
  return options;
}
