import { hyperparameters, type Hyperparameter, type ScheduleSpec, type TrackSpec } from '@anneal/core';
import { plateauOf } from '../plateau.ts';
import { noForm, pythonCall, pythonFloat, pythonNumber } from '../python.ts';
import { argumentNames, tracksOf, type Use, type Writable } from '../tracksOf.ts';
import { expression } from './writers.ts';

const variables = argumentNames('b');

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
export function write(plan: Writable): string {
  const tracks = tracksOf('optax', plan, 'write a plan for each group');
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

/** A controller as a gradient transformation, which scales every update: so of the learning rate only. */
function plateau(key: string, use: Use, path: string): string {
  const { type } = use.use;
  if (!path.startsWith('/learningRate/')) throw noForm('optax', type, 'it scales the learning rate only', path);
  const options = plateauOf('optax', use, path, (given) => ({
    mode: given.mode === 'min',
    thresholdMode: given.thresholdMode !== 'shiftedMetric',
    minValue: given.minValue === 0,
    minChange: given.minChange === 0,
    bestInCooldown: given.bestInCooldown,
    firstIsBest: !given.firstIsBest,
  }));
  const { thresholdMode, threshold, trigger } = options;
  if (threshold === 0 && options.extraThreshold === 0) {
    throw noForm('optax', type, 'one of rtol and atol must be > 0', `${path}/use/threshold`);
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
