import { show } from '@anneal/core/options';
import type { GraphBuilder } from '../graph/graphBuilder.ts';
import { OnnxError } from '../onnxError.ts';
import { checkOptionNames } from '../optionError.ts';

/** The hyperparameters that can be scheduled; each is an input of the training graph. */
export type ScheduledHyperparameter = 'learningRate' | 'momentum' | 'beta1' | 'beta2' | 'weightDecay';

/** Says which parameters are meant: names that match, names in the list, or names for which the function holds. */
export type ParameterSelector = RegExp | readonly string[] | ((name: string) => boolean);

export const selects = (selector: ParameterSelector, name: string): boolean => {
  if (typeof selector === 'function') return selector(name);
  if (!(selector instanceof RegExp)) return selector.includes(name);
  selector.lastIndex = 0; // a global or sticky expression remembers where it stopped
  return selector.test(name);
};

/**
 * Refuses what says no parameters: a name alone, which is a list of letters.
 *
 * @throws OnnxError `argument`
 */
export function checkSelector(subject: string, option: string, selector: unknown): void {
  if (typeof selector === 'function' || selector instanceof RegExp || Array.isArray(selector)) return;
  throw new OnnxError(
    'argument',
    subject,
    `${option} must be a regular expression, a list of names or a function of a name; received ${show(selector)}`,
  );
}

/** One update rule, as a builder of the nodes that perform it for one parameter. */
export interface Optimizer {
  readonly name: string;
  /**
   * The hyperparameters it has besides the learning rate, each with the value used where the plan has no track.
   * A `weightDecay` of 0 costs nothing unless the plan schedules it.
   */
  readonly hyperparameters: Readonly<Partial<Record<ScheduledHyperparameter, number>>>;
  /** Tensors kept per parameter, of its shape, zero at first; named as PyTorch names them. */
  readonly slots: readonly string[];
  /** The hyperparameters whose bias correction 1 − ∏β is kept, once per group. */
  readonly corrections: readonly ('beta1' | 'beta2')[];
  /** Which parameters decay; by default all. */
  readonly decay?: ParameterSelector;
  /** Which parameters belong to which group of the plan; first match wins. */
  readonly groups?: Readonly<Record<string, ParameterSelector>>;
  /** Writes the update of one parameter: its new value, and that of each slot. */
  update(context: UpdateContext): { readonly parameter: string; readonly slots: Readonly<Record<string, string>> };
}

/** What an optimizer writes with. */
export interface UpdateContext {
  readonly graph: GraphBuilder;
  /** The parameter, already decayed: w·(1 − lr·λ). */
  readonly parameter: string;
  readonly gradient: string;
  slot(name: string): string;
  /** A hyperparameter in force, a scalar. */
  hyper(name: ScheduledHyperparameter): string;
  /** 1 − hyperparameter, rounded to float32 once, so that 1 − 0.999 keeps its digits. */
  complement(name: ScheduledHyperparameter): string;
  /** 1 − ∏β over all updates up to this one: right under a scheduled β, where 1 − βᵗ is not. */
  correction(name: 'beta1' | 'beta2'): string;
}

/** Options that every optimizer has. */
export interface CommonOptions {
  /**
   * Decoupled weight decay λ where the plan has no such track: w ← w·(1 − lr·λ) before the update (Loshchilov & Hutter 2019).
   */
  readonly weightDecay?: number;
  /** Which parameters decay; by default all. */
  readonly decay?: ParameterSelector;
  /** Coupled decay, PyTorch's `weight_decay` of SGD, RMSprop and Adam: g ← g + l2·w. Default 0. */
  readonly l2?: number;
  /** Which parameters belong to which group of the plan; first match wins. */
  readonly groups?: Readonly<Record<string, ParameterSelector>>;
}

const commonNames = ['weightDecay', 'decay', 'l2', 'groups'];

/**
 * The part of an {@link Optimizer} that {@link CommonOptions} decide.
 *
 * @param own names of the options that the optimizer has besides
 * @throws OnnxError `argument` for any other, and for what selects no parameters.
 */
export function common(
  name: string,
  options: CommonOptions,
  own: readonly string[],
): Pick<Optimizer, 'decay' | 'groups'> {
  checkOptionNames(name, [...own, ...commonNames], options);
  const { decay, groups } = options;
  for (const selector of [decay, ...Object.values(groups ?? {})])
    if (selector !== undefined) checkSelector(name, decay === selector ? 'decay' : 'groups', selector);
  return { ...(decay !== undefined && { decay }), ...(groups !== undefined && { groups }) };
}

/** Refuses a number outside its range, with the sentence that says which. */
export function checkRange(
  optimizer: string,
  parameter: string,
  value: number,
  rule: '>= 0' | '> 0' | 'in [0, 1)',
): void {
  const holds = rule === '> 0' ? value > 0 : value >= 0 && (rule === '>= 0' || value < 1);
  if (!holds || value === Infinity) {
    throw new OnnxError('argument', optimizer, `${parameter} must be a number ${rule}; received ${value}`);
  }
}
