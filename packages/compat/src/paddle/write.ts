import { planToJSON, toPlan, type Plan, type Schedule, type ScheduleSpec, type TrackSpec } from '@anneal/core';
import { complete } from '../complete.ts';
import { noForm, pythonCall, pythonFloat, pythonNumber } from '../python.ts';
import { expression } from './writers.ts';

type Uses = NonNullable<Exclude<TrackSpec, number | ScheduleSpec>['controllers']>;

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
export function write(plan: Plan | Schedule | number): string {
  const { groups, learningRate, ...others } = planToJSON(toPlan(plan));
  if (groups !== undefined) throw noForm('Paddle', 'groups', 'write a plan for each group', '/groups');
  const [other] = Object.keys(others);
  if (other !== undefined) throw noForm('Paddle', other, 'its schedulers drive the learning rate only', `/${other}`);
  const rate = rateOf(learningRate!);
  const imports = [...(rate.includes('math.') ? ['import math', ''] : []), 'import paddle'];
  return `${[...imports, '', `learning_rate = ${rate}`].join('\n')}\n`;
}

function rateOf(track: TrackSpec): string {
  if (typeof track === 'number' || 'type' in track) return expression(track, '/learningRate');
  const uses: Uses = track.controllers ?? {};
  const [[key, use] = [], ...more] = Object.entries(uses);
  if (key === undefined || use === undefined) return expression(track.schedule, '/learningRate/schedule');
  const path = `/learningRate/controllers/${key}`;
  if (more.length > 0) throw noForm('Paddle', 'controllers', 'a rate has one', path);
  if (use.use.type !== 'reduceOnPlateau') throw noForm('Paddle', use.use.type, 'only reduceOnPlateau is known', path);
  if (use.from !== undefined || use.until !== undefined) {
    throw noForm('Paddle', use.use.type, 'it has no window of steps', path);
  }
  const constant = typeof track.schedule === 'number' ? track.schedule : undefined;
  if (constant === undefined)
    throw noForm('Paddle', use.use.type, 'it starts from a number, not from a schedule', path);
  const options = complete(use.use);
  const unlike = Object.entries({
    thresholdMode: options.thresholdMode === 'signedRelative' || options.thresholdMode === 'absolute',
    extraThreshold: options.extraThreshold === 0,
    minFactor: options.minFactor === 0,
    accumulate: options.accumulate === 1,
    trigger: options.trigger === 'above',
    bestInCooldown: !options.bestInCooldown || options.cooldown === 0,
    firstIsBest: options.firstIsBest,
  }).find(([, same]) => !same);
  if (unlike !== undefined)
    throw noForm('Paddle', use.use.type, `not with this ${unlike[0]}`, `${path}/use/${unlike[0]}`);
  return pythonCall('paddle.optimizer.lr.ReduceOnPlateau', {
    learning_rate: pythonFloat(constant),
    mode: `"${options.mode}"`,
    factor: pythonFloat(options.reduceFactor),
    patience: pythonNumber(options.patience),
    threshold: pythonFloat(options.threshold),
    threshold_mode: options.thresholdMode === 'absolute' ? '"abs"' : '"rel"',
    cooldown: pythonNumber(options.cooldown),
    min_lr: pythonFloat(options.minValue),
    epsilon: pythonFloat(options.minChange),
  });
}
