import type { ScheduleSpec, TrackSpec } from '@anneal/core';
import { complete } from '../complete.ts';
import { noForm, pythonFloat, pythonNumber } from '../python.ts';
import { only, scheduler, whole, type Written } from './pieces.ts';

type Spec<T extends ScheduleSpec['type']> = Required<Extract<ScheduleSpec, { readonly type: T }>>;

/**
 * The two schedulers that move momentum against the rate: OneCycleLR and CyclicLR. Undefined where the rate is neither and
 * there is no momentum to move.
 */
export function cycle(rate: TrackSpec, momentum: TrackSpec, track: string): Written;
export function cycle(rate: TrackSpec, momentum: undefined, track: string): Written | undefined;
export function cycle(rate: TrackSpec, momentum: TrackSpec | undefined, track: string): Written | undefined {
  const spec = typeof rate === 'object' && 'type' in rate ? complete(rate) : undefined;
  const against = typeof momentum === 'object' && 'type' in momentum ? complete(momentum) : undefined;
  if (momentum !== undefined && (against === undefined || against.type !== spec?.type))
    throw unlike(track, 'it changes only along with the rate, in OneCycleLR and CyclicLR');
  if (spec?.type === 'oneCycle') return oneCycle(spec, against as Spec<'oneCycle'> | undefined, track);
  if (spec?.type === 'cyclic') return cyclic(spec, against as Spec<'cyclic'> | undefined, track);
  if (momentum !== undefined) throw unlike(track, 'it changes only along with the rate, in OneCycleLR and CyclicLR');
  return undefined;
}

function oneCycle(spec: Spec<'oneCycle'>, against: Spec<'oneCycle'> | undefined, track: string): Written {
  const { initValue, peakValue, endValue, totalSteps, peakFraction, shape, threePhase } = spec;
  const path = '/learningRate';
  only('oneCycle', path, { endValue: endValue > 0, initValue: initValue > 0 });
  sameClock(spec, against, ['totalSteps', 'peakFraction', 'shape', 'threePhase'], track);
  if (against !== undefined && against.endValue !== against.initValue)
    throw unlike(track, 'OneCycleLR brings it back to where it began');
  const code = scheduler('OneCycleLR', {
    max_lr: pythonFloat(peakValue),
    total_steps: pythonNumber(whole('oneCycle', 'totalSteps', totalSteps, path)),
    pct_start: pythonFloat(peakFraction),
    anneal_strategy: shape === 'cosine' ? undefined : '"linear"',
    ...momenta(against?.peakValue, against?.initValue),
    div_factor: pythonFloat(peakValue / initValue),
    final_div_factor: pythonFloat(initValue / endValue),
    three_phase: threePhase ? 'True' : undefined,
  });
  return { rate: initValue, code, ...(against !== undefined && { momentum: against.initValue }) };
}

function cyclic(spec: Spec<'cyclic'>, against: Spec<'cyclic'> | undefined, track: string): Written {
  const { initValue, peakValue, upSteps, downSteps, shape, cycleFactor, gamma } = spec;
  const path = '/learningRate';
  only('cyclic', path, { shape: shape === 'linear', gamma: gamma === 1 || cycleFactor === 1 });
  sameClock(spec, against, ['upSteps', 'downSteps', 'shape', 'cycleFactor', 'gamma'], track);
  const scaled = cycleFactor !== 1 && cycleFactor !== 0.5;
  const code = scheduler('CyclicLR', {
    base_lr: pythonFloat(initValue),
    max_lr: pythonFloat(peakValue),
    step_size_up: pythonNumber(whole('cyclic', 'upSteps', upSteps, path)),
    step_size_down: pythonNumber(whole('cyclic', 'downSteps', downSteps, path)),
    mode: gamma !== 1 ? '"exp_range"' : cycleFactor === 0.5 ? '"triangular2"' : undefined,
    gamma: gamma === 1 ? undefined : pythonFloat(gamma),
    scale_fn: scaled ? `lambda x: ${pythonFloat(cycleFactor)} ** (x - 1)` : undefined,
    ...momenta(against?.peakValue, against?.initValue),
  });
  return { rate: initValue, code, ...(against !== undefined && { momentum: against.initValue }) };
}

const momenta = (low: number | undefined, high: number | undefined): Readonly<Record<string, string>> =>
  low === undefined || high === undefined
    ? { cycle_momentum: 'False' }
    : { base_momentum: pythonFloat(low), max_momentum: pythonFloat(high) };

/** PyTorch moves both along one clock. */
function sameClock<S extends object>(
  spec: S,
  against: S | undefined,
  keys: readonly (keyof S & string)[],
  track: string,
): void {
  const key = against === undefined ? undefined : keys.find((name) => spec[name] !== against[name]);
  if (key !== undefined) throw unlike(track, `its ${key} must be that of the learning rate`);
}

const unlike = (track: string, why: string): Error => noForm('torch', track, why, `/${track}`);
