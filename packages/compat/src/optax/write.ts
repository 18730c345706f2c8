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

/** The variable that each hyperparameter's schedule is assigned to: the names of optax's own arguments. */
const variables: Readonly<Record<Hyperparameter, string>> = {
  learningRate: 'learning_rate',
  momentum: 'momentum',
  beta1: 'b1',
  beta2: 'b2',
  weightDecay: 'weight_decay',
};

/**
 * A plan as Python for optax: one schedule, a function of the count, for each hyperparameter (`learning_rate`,
 * `momentum`, `b1`, `b2`, `weight_decay`), and `plateau`, a gradient transformation, where the learning rate has a
 * reduce-on-plateau controller.
 *
 * @throws ScheduleError that names what has no form in optax: groups, controllers other than that one, some schedules
 * @example
 * write(cosineDecay({ initValue: 0.1, decaySteps: 100 }))
 * // import optax
 * //
 * // learning_rate = optax.cosine_decay_schedule(init_value=0.1, decay_steps=100)
 */
export function write(plan: Plan | Schedule | number): string {
  const { groups, ...tracks } = planToJSON(toPlan(plan));
  if (groups !== undefined) throw noForm('optax', 'groups', 'write a plan for each group', '/groups');
  const lines = hyperparameters.flatMap((name) => {
    const track = tracks[name];
    return track === undefined ? [] : assignments(name, track);
  });
  const imports = [...(lines.some((line) => line.includes('jnp.')) ? ['import jax.numpy as jnp'] : []), 'import optax'];
  return `${[...imports, '', ...lines].join('\n')}\n`;
}

function assignments(name: Hyperparameter, track: TrackSpec): readonly string[] {
  if (typeof track === 'number' || 'type' in track) return [assign(name, track)];
  const uses = Object.entries(track.controllers ?? {});
  return [assign(name, track.schedule), ...uses.map(([key, use]) => plateau(key, use, `/${name}/controllers/${key}`))];
}

const assign = (name: Hyperparameter, schedule: ScheduleSpec | number): string =>
  `${variables[name]} = ${expression(schedule, `/${name}`)}`;

type UseSpec = NonNullable<Exclude<TrackSpec, number | ScheduleSpec>['controllers']>[string];

/** A controller as a gradient transformation, which scales every update: so of the learning rate only. */
function plateau(key: string, { use, from, until }: UseSpec, path: string): string {
  if (!path.startsWith('/learningRate/')) throw noForm('optax', use.type, 'it scales the learning rate only', path);
  if (use.type !== 'reduceOnPlateau') throw noForm('optax', use.type, 'only reduceOnPlateau is known there', path);
  if (from !== undefined || until !== undefined) throw noForm('optax', use.type, 'it has no window of steps', path);
  const options = complete(use);
  const { mode, thresholdMode, threshold, minValue, minChange, bestInCooldown, firstIsBest, trigger } = options;
  const unlike = Object.entries({
    mode: mode === 'min',
    thresholdMode: thresholdMode !== 'shiftedMetric',
    minValue: minValue === 0,
    minChange: minChange === 0,
    bestInCooldown,
    firstIsBest: !firstIsBest,
  }).find(([, same]) => !same);
  if (unlike !== undefined) throw noForm('optax', use.type, `not with this ${unlike[0]}`, `${path}/use/${unlike[0]}`);
  if (threshold === 0 && options.extraThreshold === 0) {
    throw noForm('optax', use.type, 'one of rtol and atol must be > 0', `${path}/use/threshold`);
  }
  const absolute = thresholdMode === 'absolute';
  const call = pythonCall('optax.contrib.reduce_on_plateau', {
    factor: pythonFloat(options.reduceFactor),
    patience: pythonNumber(trigger === 'exactly' ? options.patience : options.patience + 1),
    rtol: pythonFloat(absolute ? 0 : threshold),
    atol: pythonFloat(absolute ? threshold : options.extraThreshold),
    cooldown: pythonNumber(options.cooldown),
    accumulation_size: pythonNumber(options.accumulate),
    min_scale: pythonFloat(options.minFactor),
  });
  const remark = '  # optax takes rtol of the signed best: the same only for metrics >= 0';
  return `${key.replace(/\W/g, '_')} = ${call}${thresholdMode === 'relative' ? remark : ''}`;
}
