import type { TrackSpec } from '@anneal/core';
import { complete } from '../complete.ts';
import { pythonCall, pythonFloat, pythonNumber } from '../python.ts';
import { onlyRate, tracksOf, type Use, type Writable } from '../tracksOf.ts';
import { callOf, layersOf, refused, whole, type Call, type Layers } from './calls.ts';

/**
 * A plan as Python for timm: `learning_rate` to make the optimizer with, and a function that makes the scheduler for it.
 * Its steps are timm's `t`, epochs unless `t_in_epochs=False` is added; the values are those of `scheduler.step(t)`.
 *
 * @throws ScheduleError that names what has no form in timm: groups, other tracks, some schedules and controllers
 * @example
 * write(cosineDecay({ initValue: 0.1, decaySteps: 300 }))
 * // from timm.scheduler import CosineLRScheduler
 * //
 * // learning_rate = 0.1
 * //
 * //
 * // def make_scheduler(optimizer):
 * //     return CosineLRScheduler(optimizer, t_initial=300)
 */
export function write(plan: Writable): string {
  const tracks = tracksOf('timm', plan, 'its groups differ by a factor, lr_scale');
  const { name, rate, args } = ofTrack(onlyRate('timm', tracks, 'its schedulers drive the learning rate only'));
  const lines = [
    `from timm.scheduler import ${name}`,
    '',
    `learning_rate = ${pythonFloat(rate)}`,
    '',
    '',
    'def make_scheduler(optimizer):',
    `    return ${pythonCall(name, args).replace('(', '(optimizer, ')}`,
  ];
  return `${lines.join('\n')}\n`;
}

function ofTrack(track: TrackSpec): Call {
  if (typeof track === 'number' || 'type' in track) {
    const layers = layersOf(track);
    const { name, rate, args } = callOf(layers);
    return { name, rate, args: { ...args, ...warmupOf(layers, name), ...layers.noise } };
  }
  const uses = Object.entries(track.controllers ?? {});
  const [[name, use], another] = [uses[0]!, uses[1]];
  const path = `/learningRate/controllers/${name}`;
  if (another !== undefined) throw refused('a second controller', 'there one stands alone', path);
  return plateau(layersOf(track.schedule), use, path);
}

/** The warm-up as the scheduler's own; those without warmup_prefix are prefixes always. */
function warmupOf({ warmup }: Layers, name: string): Call['args'] {
  if (warmup === undefined) return {};
  const usual = name === 'StepLRScheduler' || name === 'MultiStepLRScheduler';
  const fixed = name === 'WSDLRScheduler' || name === 'PlateauLRScheduler';
  if (fixed && !warmup.prefix)
    throw refused('an overlaid warm-up', `${name} begins after its warm-up`, '/learningRate');
  return {
    warmup_t: pythonNumber(warmup.steps),
    warmup_lr_init: warmup.start === 0 ? undefined : pythonFloat(warmup.start),
    warmup_prefix: fixed || warmup.prefix === usual ? undefined : warmup.prefix ? 'True' : 'False',
  };
}

/** PyTorch's plateau after a warm-up, on a rate that is otherwise constant. */
function plateau(layers: Layers, { use, from = 0, until }: Use, path: string): Call {
  if (use.type !== 'reduceOnPlateau') throw refused(use.type, 'it knows reduceOnPlateau', path);
  const { main, warmup, noise, noiseShape } = layers;
  if (main.type !== 'constant') throw refused('a controller beside a schedule', 'there is only a warm-up', path);
  if (from !== (warmup === undefined ? 0 : warmup.steps + 1) || until !== undefined)
    throw refused(use.type, 'it begins with the step after the warm-up', `${path}/from`);
  const options = complete(use);
  const rate = main.value;
  const { extraThreshold, accumulate, bestInCooldown, trigger, firstIsBest, thresholdMode } = options;
  const { minChange, minFactorChange } = options;
  const plain = extraThreshold === 0 && accumulate === 1 && bestInCooldown && trigger === 'above' && !firstIsBest;
  // PyTorch's eps; under noise it holds for the rate without it.
  const asEps =
    (minChange === 1e-8 && minFactorChange === 0 && noiseShape === undefined && noise['noise_range_t'] === undefined) ||
    (minChange === 0 && minFactorChange === Math.min(1, 1e-8 / rate));
  if (!plain || thresholdMode !== 'signedRelative' || !asEps)
    throw refused(use.type, 'only with thresholdMode signedRelative and minFactorChange 1e-8/rate', path);
  const args = {
    decay_rate: pythonFloat(options.reduceFactor),
    patience_t: pythonNumber(options.patience),
    threshold: pythonFloat(options.threshold),
    cooldown_t: pythonNumber(options.cooldown),
    lr_min: pythonFloat(Math.max(options.minValue, options.minFactor * rate)),
    mode: `"${options.mode}"`,
    noise_type: noiseShape === undefined ? undefined : `"${noiseShape}"`,
  };
  whole(use.type, 'from', from, path);
  return { name: 'PlateauLRScheduler', rate, args: { ...args, ...warmupOf(layers, 'PlateauLRScheduler'), ...noise } };
}
