import type { TrackSpec } from '@anneal/core';
import { plateauOf, writePlateauArguments } from '../plateau.ts';
import { noForm, pythonCall, pythonFloat } from '../python.ts';
import { onlyRate, tracksOf, type Writable } from '../tracksOf.ts';
import { expression } from './writers.ts';

/**
 * A plan as Python for Paddle: `learning_rate`, a scheduler or a float to hand to the optimizer.
 *
 * @throws ScheduleError that names what has no form in Paddle: groups, tracks other than the learning rate, a plateau over
 *   a schedule, windows of controllers, some schedules
 * @example
 * write(stepDecay({ initValue: 0.1, dropSteps: 30 }))
 * // import paddle
 * //
 * // learning_rate = paddle.optimizer.lr.StepDecay(learning_rate=0.1, step_size=30, gamma=0.1)
 */
export function write(plan: Writable): string {
  const tracks = tracksOf('Paddle', plan, 'write a plan for each group');
  const rate = rateOf(onlyRate('Paddle', tracks, 'its schedulers drive the learning rate only'));
  const imports = [...(rate.includes('math.') ? ['import math', ''] : []), 'import paddle'];
  return `${[...imports, '', `learning_rate = ${rate}`].join('\n')}\n`;
}

function rateOf(track: TrackSpec): string {
  if (typeof track === 'number' || 'type' in track) return expression(track, '/learningRate');
  const [[key, use] = [], ...more] = Object.entries(track.controllers ?? {});
  if (key === undefined || use === undefined) return expression(track.schedule, '/learningRate/schedule');
  const path = `/learningRate/controllers/${key}`;
  if (more.length > 0) throw noForm('Paddle', 'controllers', 'a rate has one', path);
  const options = plateauOf('Paddle', use, path, (given) => ({
    thresholdMode: given.thresholdMode === 'signedRelative' || given.thresholdMode === 'absolute',
    extraThreshold: given.extraThreshold === 0,
    minFactor: given.minFactor === 0,
    accumulate: given.accumulate === 1,
    trigger: given.trigger === 'above',
    bestInCooldown: !given.bestInCooldown || given.cooldown === 0,
    firstIsBest: given.firstIsBest,
  }));
  if (typeof track.schedule !== 'number')
    throw noForm('Paddle', use.use.type, 'it starts from a number, not from a schedule', path);
  return pythonCall('paddle.optimizer.lr.ReduceOnPlateau', {
    learning_rate: pythonFloat(track.schedule),
    ...writePlateauArguments(options, options.reduceFactor),
    min_lr: pythonFloat(options.minValue),
    epsilon: pythonFloat(options.minChange),
  });
}
