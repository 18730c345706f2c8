import { hyperparameters, type TrackSpec } from '@anneal/core';
import { plateauOf } from '../plateau.ts';
import { noForm, pythonCall, pythonFloat, pythonNumber } from '../python.ts';
import { argumentNames, constantOf, tracksOf, type Use, type Writable } from '../tracksOf.ts';
import { expression } from './writers.ts';

const variables = argumentNames('beta_');

/**
 * A plan as Python for Keras: `learning_rate`, a schedule or a float to hand to the optimizer, `callbacks` where the plan
 * needs one (ReduceLROnPlateau; LearningRateScheduler for `perEpoch`), and what is constant of the other hyperparameters.
 *
 * @throws ScheduleError that names what has no form in Keras: groups, a schedule for anything but the learning rate, a
 *   plateau over a schedule (Keras cannot set a rate that is a schedule), windows of controllers, some schedules
 * @example
 * write(cosineDecay({ initValue: 0.1, decaySteps: 100 }))
 * // import keras
 * //
 * // learning_rate = keras.optimizers.schedules.CosineDecay(initial_learning_rate=0.1, decay_steps=100)
 */
export function write(plan: Writable): string {
  const tracks = tracksOf('Keras', plan, 'an optimizer has one learning rate');
  const lines = hyperparameters.flatMap((name) => {
    const track = tracks[name];
    if (track === undefined) return [];
    return name === 'learningRate' ? rateLines(track) : [`${variables[name]} = ${constant(track, `/${name}`)}`];
  });
  return `${['import keras', '', ...lines].join('\n')}\n`;
}

function rateLines(track: TrackSpec): readonly string[] {
  const path = '/learningRate';
  if (typeof track === 'object' && !('type' in track)) {
    const rate = constant(track.schedule, `${path}/schedule`);
    const uses = Object.entries(track.controllers ?? {});
    const plateaus = uses.map(([key, use]) => plateau(use, `${path}/controllers/${key}`));
    return [`learning_rate = ${rate}`, `callbacks = [${plateaus.join(', ')}]`];
  }
  if (typeof track === 'number' || track.type !== 'perEpoch') return [`learning_rate = ${expression(track, path)}`];
  const inEpochs = expression(track.schedule, `${path}/schedule`);
  const first = inEpochs.includes('(') ? 'float(schedule(0))' : 'schedule';
  const set = inEpochs.includes('(') ? 'float(schedule(epoch))' : 'schedule';
  return [
    `schedule = ${inEpochs}`,
    `learning_rate = ${first}`,
    `callbacks = [keras.callbacks.LearningRateScheduler(lambda epoch, lr: ${set})]`,
  ];
}

/** A value that does not change: the only thing that Keras takes there. */
function constant(track: TrackSpec, path: string): string {
  const value = constantOf(track);
  if (value !== undefined) return pythonFloat(value);
  const type = typeof track === 'object' && 'type' in track ? track.type : 'controllers';
  const why = path.startsWith('/learningRate')
    ? 'it cannot set a rate that is a schedule'
    : 'only a constant has one here';
  throw noForm('Keras', type, why, path);
}

function plateau(use: Use, path: string): string {
  const options = plateauOf('Keras', use, path, (given) => ({
    thresholdMode: given.thresholdMode === 'shiftedMetric' || given.thresholdMode === 'absolute',
    minFactor: given.minFactor === 0,
    minChange: given.minChange === 0,
    accumulate: given.accumulate === 1,
    bestInCooldown: given.bestInCooldown,
    trigger: given.trigger === 'above',
  }));
  return pythonCall('keras.callbacks.ReduceLROnPlateau', {
    monitor: JSON.stringify(options.monitor),
    factor: pythonFloat(options.reduceFactor),
    patience: pythonNumber(options.patience + 1),
    mode: JSON.stringify(options.mode),
    min_delta: pythonFloat(options.threshold),
    cooldown: pythonNumber(options.cooldown === 0 ? 0 : options.cooldown + 1),
    min_lr: pythonFloat(options.minValue),
  });
}
