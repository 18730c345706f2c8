import {
  planToJSON,
  toPlan,
  type ControllerSpec,
  type Plan,
  type PlanSpec,
  type Schedule,
  type ScheduleSpec,
} from '@anneal/core';
import { complete } from '../complete.ts';
import { noForm, pythonDict, pythonFloat, pythonNumber } from '../python.ts';
import { fieldsOf, refused, type Fields } from './fields.ts';

/**
 * A plan as the fields of transformers' `TrainingArguments`: a dict named `schedule`.
 *
 * What transformers does after `max_steps` is its own affair: its cosine rises there.
 *
 * @throws ScheduleError that names what has no form in transformers
 * @example
 * write(warmup({ warmupSteps: 5, startFactor: 0, schedule: linear({ initValue: 0.1, decaySteps: 45 }) }))
 * // # TrainingArguments(output_dir=..., **schedule)
 * // schedule = {"lr_scheduler_type": "linear", "learning_rate": 0.1, "warmup_steps": 5, "max_steps": 50}
 */
export function write(planLike: Plan | Schedule | number): string {
  const { type, rate, warmupSteps = 0, maxSteps, kwargs = {} } = ofPlan(planToJSON(toPlan(planLike)));
  const schedule = pythonDict({
    lr_scheduler_type: `"${type}"`,
    learning_rate: pythonFloat(rate),
    warmup_steps: warmupSteps === 0 ? undefined : pythonNumber(warmupSteps),
    max_steps: maxSteps === undefined ? undefined : pythonNumber(maxSteps),
    lr_scheduler_kwargs: Object.values(kwargs).every((text) => text === undefined) ? undefined : pythonDict(kwargs),
  });
  return `# TrainingArguments(output_dir=..., **schedule)\nschedule = ${schedule}\n`;
}

function ofPlan({ groups, learningRate, ...others }: PlanSpec): Fields {
  if (groups !== undefined) throw refused('groups', 'its schedules are the same for all', '/groups');
  const [other] = Object.keys(others);
  if (other !== undefined) throw refused(other, 'its schedules drive the learning rate only', `/${other}`);
  const track = learningRate!;
  if (typeof track === 'number' || 'type' in track) return fieldsOf(track);
  const uses = Object.entries(track.controllers ?? {});
  const [[name, { use, from, until }] = ['', {} as (typeof uses)[number][1]], another] = uses;
  const path = `/learningRate/controllers/${name}`;
  const rate = constantOf(track.schedule);
  if (rate === undefined || another !== undefined || from !== undefined || until !== undefined)
    throw refused('a controller beside a schedule, another controller or a window', 'there it stands alone', path);
  return controlled(rate, use, path);
}

const constantOf = (spec: ScheduleSpec | number): number | undefined =>
  typeof spec === 'number' ? spec : spec.type === 'constant' ? spec.value : undefined;

function controlled(rate: number, use: ControllerSpec, path: string): Fields {
  if (use.type === 'reduceOnPlateau') {
    const options = complete(use);
    const { extraThreshold, accumulate, bestInCooldown, trigger, firstIsBest, thresholdMode } = options;
    const plain = extraThreshold === 0 && accumulate === 1 && bestInCooldown && trigger === 'above' && !firstIsBest;
    if (!plain || !['signedRelative', 'absolute'].includes(thresholdMode))
      throw refused(use.type, 'only with the options of PyTorch, thresholdMode signedRelative or absolute', path);
    const kwargs = {
      mode: `"${options.mode}"`,
      factor: pythonFloat(options.reduceFactor),
      patience: pythonNumber(options.patience),
      threshold: pythonFloat(options.threshold),
      threshold_mode: thresholdMode === 'absolute' ? '"abs"' : '"rel"',
      cooldown: pythonNumber(options.cooldown),
      min_lr: pythonFloat(Math.max(options.minValue, options.minFactor * rate)),
      eps: pythonFloat(options.minChange),
    };
    return { type: 'reduce_lr_on_plateau', rate, kwargs };
  }
  if (use.type !== 'greedy') throw noForm('transformers', use.type, 'it knows plateau and greedy', path);
  const options = complete(use);
  if (!['signedRelative', 'absolute'].includes(options.thresholdMode))
    throw refused(use.type, 'thresholdMode must be signedRelative or absolute', `${path}/use/thresholdMode`);
  const kwargs = {
    mode: `"${options.mode}"`,
    factor: pythonFloat(options.changeFactor),
    patience: pythonNumber(options.patience),
    threshold: pythonFloat(options.threshold),
    threshold_mode: options.thresholdMode === 'absolute' ? '"abs"' : '"rel"',
    cooldown: pythonNumber(options.cooldown),
    warmup: pythonNumber(options.rest),
    min_lr: pythonFloat(Math.max(options.minValue, options.minFactor * rate)),
    max_lr: pythonFloat(Math.min(options.maxValue, options.maxFactor * rate)),
    eps: pythonFloat(options.minChange),
    smooth: options.window === 1 ? undefined : 'True',
    window_size: options.window === 1 ? undefined : pythonNumber(options.window),
    reset_start: pythonNumber(options.resetAfter),
  };
  return { type: 'greedy', rate, kwargs };
}
