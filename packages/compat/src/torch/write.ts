import type { ScheduleSpec, TracksSpec } from '@anneal/core';
import { plateauOf, writePlateauArguments } from '../plateau.ts';
import { noForm, pythonFloat, pythonNumber } from '../python.ts';
import { constantOf, onlyRate, tracksOf, type Use, type Writable } from '../tracksOf.ts';
import { cycle } from './cycles.ts';
import { formOf, scheduler, type Form, type Written } from './pieces.ts';

/**
 * A plan as Python for PyTorch: `learning_rate` (and `momentum` or `beta1`) to make the optimizer with, and a function
 * that makes the scheduler for it.
 *
 * Phases become a SequentialLR, products a ChainedScheduler; what a finite schedule holds after its end is a ConstantLR.
 * OneCycleLR raises once its steps are over.
 *
 * @throws ScheduleError that names what has no form in PyTorch: groups, tracks other than momentum along a cycle,
 *   controllers beside a schedule, parts of a sequence that start from different rates, some schedules
 * @example
 * write(cosineDecay({ initValue: 0.1, decaySteps: 100, pastEnd: 'continue' }))
 * // from torch.optim.lr_scheduler import CosineAnnealingLR
 * //
 * // learning_rate = 0.1
 * //
 * //
 * // def make_scheduler(optimizer):
 * //     return CosineAnnealingLR(optimizer, T_max=100)
 */
export function write(plan: Writable): string {
  const tracks = tracksOf('torch', plan, 'write a plan for each group');
  const { rate, momentum, code } = written(tracks);
  const track = 'beta1' in tracks ? 'beta1' : 'momentum';
  const names = [...new Set(code.match(/\b[A-Z]\w*(?=\()/g) ?? [])].sort();
  const plain = names.filter((name) => name !== 'SWALR');
  const modules = Object.entries(imports).filter(([name]) => code.includes(`${name}.`));
  const lines = [
    ...modules.map(([, line]) => line),
    ...(modules.length === 0 ? [] : ['']),
    ...(plain.length === 0 ? [] : [`from torch.optim.lr_scheduler import ${plain.join(', ')}`]),
    ...(names.includes('SWALR') ? ['from torch.optim.swa_utils import SWALR'] : []),
    '',
    `learning_rate = ${pythonFloat(rate)}`,
    ...(momentum === undefined ? [] : [`${track} = ${pythonFloat(momentum)}`]),
    '',
    '',
    'def make_scheduler(optimizer):',
    `    return ${code}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** The modules that the text of a lambda may name. */
const imports: Readonly<Record<string, string>> = {
  math: 'import math',
  np: 'import numpy as np',
  numpy: 'import numpy',
  torch: 'import torch',
};

function written({ momentum, beta1, ...others }: TracksSpec): Written {
  const rate = onlyRate('torch', others, 'its schedulers drive the learning rate and momentum');
  if (momentum !== undefined && beta1 !== undefined)
    throw noForm('torch', 'momentum beside beta1', 'an optimizer has one of them', '/momentum');
  const cycled = momentum ?? beta1;
  const track = momentum === undefined ? 'beta1' : 'momentum';
  if (typeof rate === 'object' && !('type' in rate)) {
    const uses = Object.entries(rate.controllers ?? {});
    if (typeof cycled === 'object') throw noForm('torch', track, 'it changes along a cycle only', `/${track}`);
    return { ...plateau(rate.schedule, uses), ...(cycled !== undefined && { momentum: cycled }) };
  }
  if (typeof cycled === 'object') return cycle(rate, cycled, track);
  const alone = cycle(rate, undefined, track);
  return { ...(alone ?? stretched(rate)), ...(cycled !== undefined && { momentum: cycled }) };
}

/** The scheduler of a learning rate: one, a sequence, or a chain of factors. */
function stretched(spec: ScheduleSpec | number): Written {
  if (typeof spec === 'object' && spec.type === 'multiply') {
    const [first, ...factors] = spec.schedules.map((child, i) => factorOf(child, `/learningRate/schedules/${i}`));
    const codes = [first!, ...factors.map((form) => ({ ...form, base: 1 }))];
    const rate = rateOf(first!);
    if (factors.some((form) => rateOf(form) !== 1))
      throw noForm(
        'torch',
        'multiply',
        'all but the first must be factors of at most 1 that start from 1',
        '/learningRate',
      );
    const schedulers = codes.map(({ pieces }, i) => pieces[0]!.code(i === 0 ? rate : 1));
    return { rate, code: `ChainedScheduler(\n${listed('[', schedulers, 8)},\n    )` };
  }
  const form = formOf(spec, '/learningRate');
  const rate = rateOf(form);
  const pieces = form.pieces.filter(({ from }, i) => from < (form.pieces[i + 1]?.from ?? Infinity));
  const codes = pieces.map(({ code }) => code(rate));
  if (codes.length === 1) return { rate, code: codes[0]! };
  const milestones = pieces.slice(1).map(({ from }) => pythonNumber(from));
  const args = ['optimizer', listed('schedulers=[', codes, 8).trimStart(), `milestones=[${milestones.join(', ')}]`];
  return { rate, code: listed('SequentialLR(', args, 4).trimStart() };
}

/** An opening bracket, one item a line, and the bracket that closes it. */
function listed(open: string, items: readonly string[], indent: number): string {
  const [outer, inner] = [' '.repeat(indent), ' '.repeat(indent + 4)];
  const close = open.endsWith('[') ? ']' : ')';
  return [`${outer}${open}`, ...items.map((item) => `${inner}${item},`), `${outer}${close}`].join('\n');
}

const multiplying = new Set([
  'linear',
  'stepDecay',
  'multiStepDecay',
  'exponentialDecay',
  'polynomialDecay',
  'piecewiseConstant',
]);

/** A part of a product: PyTorch's chain multiplies only where every step is a factor on the rate in force. */
function factorOf(spec: ScheduleSpec | number, path: string): Form {
  const form = typeof spec === 'object' && multiplying.has(spec.type) ? formOf(spec, path) : undefined;
  if (form === undefined || form.pieces.length > 1 || form.pieces[0]!.code(rateOf(form)).startsWith('LambdaLR'))
    throw noForm(
      'torch',
      'multiply',
      `a chain multiplies only parts of the types ${[...multiplying].join(', ')}`,
      path,
    );
  return form;
}

/** The optimizer's rate: the one that a part asks for, else the highest, as factors are at most 1. */
function rateOf({ base, peak }: Form): number {
  if (base !== undefined && peak > base)
    throw noForm(
      'torch',
      'sequence',
      `a part rises to ${peak}, above the rate ${base} that another starts from`,
      '/learningRate',
    );
  return base ?? peak;
}

/** A constant rate under one reduce-on-plateau: PyTorch cannot put its plateau beside a schedule. */
function plateau(schedule: ScheduleSpec | number, uses: readonly (readonly [string, Use])[]): Written {
  const rate = constantOf(schedule);
  const path = '/learningRate/controllers';
  if (rate === undefined) throw noForm('torch', 'a controller beside a schedule', 'there it stands alone', path);
  const [[name, use], another] = [uses[0]!, uses[1]];
  if (another !== undefined) throw noForm('torch', another[1].use.type, 'one controller stands alone there', path);
  const options = plateauOf('torch', use, `${path}/${name}`, (given) => ({
    thresholdMode: given.thresholdMode !== 'shiftedMetric',
    extraThreshold: given.extraThreshold === 0,
    accumulate: given.accumulate === 1,
    bestInCooldown: given.bestInCooldown,
    trigger: given.trigger === 'above',
    firstIsBest: !given.firstIsBest,
  }));
  const code = scheduler('ReduceLROnPlateau', {
    ...writePlateauArguments(options, options.reduceFactor),
    min_lr: pythonFloat(Math.max(options.minValue, options.minFactor * rate)),
    eps: pythonFloat(options.minChange),
  });
  const remark = '  # a share of the best metric with its sign: the same only for metrics >= 0';
  return { rate, code: options.thresholdMode === 'relative' ? `${code}${remark}` : code };
}
