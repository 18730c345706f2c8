import type { ControllerSpec, TrackSpec } from '@anneal/core';
import { complete } from '../complete.ts';
import { writePlateauArguments } from '../plateau.ts';
import { noForm, pythonDict, pythonFloat, pythonNumber } from '../python.ts';
import { constantOf, onlyRate, tracksOf, type Writable } from '../tracksOf.ts';
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
export function write(plan: Writable): string {
  const tracks = tracksOf('transformers', plan, 'its schedules are the same for all');
  const track = onlyRate('transformers', tracks, 'its schedules drive the learning rate only');
  const { type, rate, warmupSteps = 0, maxSteps, kwargs = {} } = ofTrack(track);
  const schedule = pythonDict({
    lr_scheduler_type: `"${type}"`,
    learning_rate: pythonFloat(rate),
    warmup_steps: warmupSteps === 0 ? undefined : pythonNumber(warmupSteps),
    max_steps: maxSteps === undefined ? undefined : pythonNumber(maxSteps),
    lr_scheduler_kwargs: Object.values(kwargs).every((text) => text === undefined) ? undefined : pythonDict(kwargs),
  });
  return `# TrainingArguments(output_dir=..., **schedule)\nschedule = ${schedule}\n`;
}

function ofTrack(track: TrackSpec): Fields {
  if (typeof track === 'number' || 'type' in track) return fieldsOf(track);
  const uses = Object.entries(track.controllers ?? {});
  const [[name, { use, from, until }], another] = [uses[0]!, uses[1]];
  const path = `/learningRate/controllers/${name}`;
  const rate = constantOf(track.schedule);
  if (rate === undefined || another !== undefined || from !== undefined || until !== undefined)
    throw refused('a controller beside a schedule, another controller or a window', 'there it stands alone', path);
  return controlled(rate, use, path);
}

function controlled(rate: number, use: ControllerSpec, path: string): Fields {
  if (use.type === 'reduceOnPlateau') {
    const options = complete(use);
    const { extraThreshold, accumulate, bestInCooldown, trigger, firstIsBest, thresholdMode } = options;
    const plain = extraThreshold === 0 && accumulate === 1 && bestInCooldown && trigger === 'above' && !firstIsBest;
    if (!plain || !['signedRelative', 'absolute'].includes(thresholdMode))
      throw refused(use.type, 'only with the options of PyTorch, thresholdMode signedRelative or absolute', path);
    const kwargs = {
      ...writePlateauArguments(options, options.reduceFactor),
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
    ...writePlateauArguments(options, options.changeFactor),
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
