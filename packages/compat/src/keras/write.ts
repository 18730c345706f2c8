import {
  hyperparameters,
  planToJSON,
  toPlan,
  type Hyperparameter,
  type Plan,
  type Schedule,
  type ScheduleSpec,
  type TrackSpec,
} from '@anneal/core';
import { complete } from '../complete.ts';
import { noForm, pythonCall, pythonFloat, pythonNumber } from '../python.ts';
import { expression } from './writers.ts';

/** The names of the arguments of Keras' optimizers. */
const variables: Readonly<Record<Hyperparameter, string>> = {
  learningRate: 'learning_rate',
  momentum: 'momentum',
  beta1: 'beta_1',
  beta2: 'beta_2',
  weightDecay: 'weight_decay',
};

type Uses = NonNullable<Exclude<TrackSpec, number | ScheduleSpec>['controllers']>;

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
export function write(plan: Plan | Schedule | number): string {
  const { groups, ...tracks } = planToJSON(toPlan(plan));
  if (groups !== undefined) throw noForm('Keras', 'groups', 'an optimizer has one learning rate', '/groups');
  const lines = hyperparameters.flatMap((name) => {
    const track = tracks[name];
    if (track === undefined) return [];
    return name === 'learningRate' ? rateLines(track) : [`${variables[name]} = ${constantOf(track, `/${name}`)}`];
  });
  return `${['import keras', '', ...lines].join('\n')}\n`;
}

function rateLines(track: TrackSpec): readonly string[] {
  const path = '/learningRate';
  if (typeof track === 'object' && !('type' in track)) {
    const rate = constantOf(track.schedule, `${path}/schedule`);
    return [`learning_rate = ${rate}`, `callbacks = [${plateaus(track.controllers ?? {})}]`];
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
function constantOf(track: TrackSpec, path: string): string {
  if (typeof track === 'number') return pythonFloat(track);
  if ('type' in track && track.type === 'constant') return pythonFloat(track.value);
  const type = 'type' in track ? track.type : 'controllers';
  const why = path.startsWith('/learningRate')
    ? 'it cannot set a rate that is a schedule'
    : 'only a constant has one here';
  throw noForm('Keras', type, why, path);
}

function plateaus(uses: Uses): string {
  return Object.entries(uses)
    .map(([key, use]) => plateau(use, `/learningRate/controllers/${key}`))
    .join(', ');
}

function plateau({ use, from, until }: Uses[string], path: string): string {
  if (use.type !== 'reduceOnPlateau') throw noForm('Keras', use.type, 'only reduceOnPlateau is known there', path);
  if (from !== undefined || until !== undefined) throw noForm('Keras', use.type, 'it has no window of steps', path);
  const options = complete(use);
  const unlike = Object.entries({
    thresholdMode: options.thresholdMode === 'shiftedMetric' || options.thresholdMode === 'absolute',
    minFactor: options.minFactor === 0,
    minChange: options.minChange === 0,
    accumulate: options.accumulate === 1,
    bestInCooldown: options.bestInCooldown,
    trigger: options.trigger === 'above',
  }).find(([, same]) => !same);
  if (unlike !== undefined) throw noForm('Keras', use.type, `not with this ${unlike[0]}`, `${path}/use/${unlike[0]}`);
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
