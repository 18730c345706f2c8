import type { GroupValues, Json, StepValues, Tracks } from '@anneal/core';
import { checkOptions } from '@anneal/core/options';
import { engine, Optimizer } from '@tensorflow/tfjs-core';
import { checkOptimizer, isPlain, rule } from '../checkArguments.ts';
import { checkedValues } from '../checkedValues.ts';
import { listOf } from '../optimizer.ts';
import { refuse } from '../refuse.ts';
import { targetOf, type HasTarget, type Target } from '../target.ts';
import type { VariableInfo } from './decoupledWeightDecay.ts';
import { checkSlots, readSlots, writeSlots, type HasSlots, type Slots, type SlotTensors } from '../optimizerSlots.ts';

/** Which variables a group means: by name, or by name and shape. */
export type GroupMatch = RegExp | ((variable: VariableInfo) => boolean);

export interface ParameterGroupsOptions {
  /** Makes the optimizer of a group. What the plan drives is overwritten; epsilon and the like stay. */
  readonly optimizer: () => Optimizer;
  /** The groups that the plan names, in order: the first match wins, what matches none takes the base tracks. */
  readonly groups: Readonly<Record<string, GroupMatch>>;
}

const table = {
  optimizer: rule<() => Optimizer>(
    'a function that makes one, such as () => tf.train.adam(1e-3)',
    (value) => typeof value === 'function',
  ),
  groups: rule<Readonly<Record<string, GroupMatch>>>('an object such as { head: /^head/ }', isPlain),
};

type Gradients = Parameters<Optimizer['applyGradients']>[0];

/** Variables that were first updated together, with an optimizer of their own. */
interface Cohort {
  /** undefined for the base. */
  readonly group: string | undefined;
  readonly names: readonly string[];
  readonly optimizer: Optimizer;
  readonly target: Target;
}

/**
 * An optimizer with a set of hyperparameters for each group of variables, which `compile` accepts as it does any other:
 * discriminative rates, no decay for some, a head trained faster than its body.
 *
 * Gradients are computed once; each group has an optimizer of its own. Slots are kept by variable name, so the list of
 * variables may change: a variable that joins late starts with zero moments and a bias correction of its own, one that
 * is missing from an update keeps its moments. The plan comes from `bindOptimizer`; before that every group has the
 * values that `optimizer` gives it.
 *
 * Throws at the first update if a group matches no variable. tfjs's `model.save` cannot hold it; `saveTraining` of `@anneal/tfjs/training` does.
 *
 * @example
 * const optimizer = parameterGroups({ optimizer: () => tf.train.adam(1e-3), groups: { head: /^head/ } });
 * model.compile({ optimizer, loss: 'meanSquaredError' });
 * bindOptimizer(optimizer, { learningRate: 1e-4, groups: { head: { learningRate: 1e-2 } } });
 */
export function parameterGroups(options: ParameterGroupsOptions): GroupedOptimizer {
  return new GroupedOptimizer(options);
}

/** What {@link parameterGroups} makes. */
export class GroupedOptimizer extends Optimizer implements HasSlots, HasTarget {
  static get className(): string {
    return 'Grouped';
  }

  readonly #make: () => Optimizer;
  readonly #groups: readonly (readonly [string, GroupMatch])[];
  /** Tells what the groups' optimizers can do, and becomes that of the base's first cohort. */
  #spare: Optimizer | undefined;
  #cohorts: Cohort[] = [];
  /** The group of each variable seen so far. */
  readonly #groupOf = new Map<string, string | undefined>();
  /** The variables that have an optimizer. */
  readonly #members = new Set<string>();
  #values: StepValues | undefined;

  constructor(options: ParameterGroupsOptions) {
    super();
    const { optimizer, groups } = checkOptions<object, typeof table>('parameterGroups', table, options);
    this.#make = optimizer;
    this.#groups = Object.entries(groups);
    this.#spare = optimizer();
    checkOptimizer('parameterGroups', this.#spare);
    for (const [name, match] of this.#groups)
      if (!(match instanceof RegExp) && typeof match !== 'function')
        refuse(
          'invalid',
          `/groups/${name}`,
          `parameterGroups: group "${name}" must be a regular expression or a function`,
        );
  }

  override applyGradients(gradients: Gradients): void {
    const present = new Map(listOf(gradients).flatMap(({ name, tensor }) => (tensor ? [[name, tensor] as const] : [])));
    this.#admit([...present.keys()]);
    for (const { names, optimizer, target } of this.#cohorts) {
      if (!names.some((name) => present.has(name))) continue;
      // Always the whole list in its order, since the slots inside go by position; tfjs passes over null gradients.
      optimizer.applyGradients(names.map((name) => ({ name, tensor: present.get(name) ?? null })) as Gradients);
      target.updated();
    }
    this.incrementIterations();
  }

  #group(name: string): string | undefined {
    if (this.#groupOf.size === 0) {
      const variables = Object.values(engine().registeredVariables);
      for (const [group, match] of this.#groups)
        if (!variables.some((variable) => matches(match, variable)))
          refuse('invalid', `/groups/${group}`, `parameterGroups: group "${group}" matches no variable`, group);
    }
    if (!this.#groupOf.has(name)) {
      const variable = engine().registeredVariables[name]!;
      this.#groupOf.set(name, this.#groups.find(([, match]) => matches(match, variable))?.[0]);
    }
    return this.#groupOf.get(name);
  }

  /** Gives variables that are updated for the first time an optimizer, one for those of a group. */
  #admit(names: readonly string[]): void {
    const newcomers = new Map<string | undefined, string[]>();
    for (const name of names) {
      if (this.#members.has(name)) continue;
      const group = this.#group(name);
      newcomers.set(group, [...(newcomers.get(group) ?? []), name]);
    }
    for (const [group, members] of newcomers) this.#add(group, members);
  }

  #add(group: string | undefined, names: readonly string[]): Cohort {
    const optimizer = (group === undefined && this.#spare) || this.#make();
    if (this.#cohorts.some((cohort) => cohort.optimizer === optimizer))
      refuse('invalid', '/optimizer', 'parameterGroups: optimizer must make a new optimizer at every call');
    if (optimizer === this.#spare) this.#spare = undefined;
    const cohort = { group, names, optimizer, target: targetOf(optimizer) };
    for (const name of names) this.#members.add(name);
    this.#cohorts.push(cohort);
    if (this.#values !== undefined) cohort.target.write(this.#valuesOf(group)!);
    return cohort;
  }

  /** The variables that share an optimizer, for reading it; what is made for variables not yet seen is not among them. */
  get cohorts(): readonly Omit<Cohort, 'target'>[] {
    return this.#cohorts;
  }

  #valuesOf(group: string | undefined): GroupValues | undefined {
    return (group === undefined ? undefined : this.#values?.groups?.[group]) ?? this.#values;
  }

  /** How `bindOptimizer` reaches the groups. */
  get annealTarget(): Target {
    const baseRate = (): number => {
      const base = this.#cohorts.find(({ group }) => group === undefined);
      return base?.target.learningRate ?? this.#values?.learningRate ?? NaN;
    };
    return {
      objection: ({ groups = {}, ...base }, claimed, hasRun) => {
        const unknown = Object.keys(groups).find((name) => !this.#groups.some(([known]) => known === name));
        if (unknown !== undefined) return `the plan names a group "${unknown}" that parameterGroups was not told`;
        const probe = targetOf(this.#spare ?? this.#cohorts[0]!.optimizer);
        const sets: readonly Tracks[] = [base, ...Object.values(groups)];
        return sets
          .map((tracks) => probe.objection({ ...tracks, learningRate: base.learningRate }, claimed, hasRun))
          .find((objection) => objection !== undefined);
      },
      checked: ({ groups = {}, ...values }, step) => ({
        ...checkedValues(values, step),
        groups: Object.fromEntries(
          Object.entries(groups).map(([name, group]) => [name, checkedValues(group, step, `groups/${name}/`)]),
        ),
      }),
      write: (values) => {
        this.#values = values;
        for (const { group, target } of this.#cohorts) target.write(this.#valuesOf(group)!);
      },
      updated: () => undefined, // each cohort is told when it is updated
      valuesOf: (variable) => this.#valuesOf(this.#group(variable))!,
      get learningRate() {
        return baseRate();
      },
      state: () => this.#cohorts.map(({ target }) => target.state()),
      restore: (state) => {
        const states = state as readonly Json[];
        if (states.length !== this.#cohorts.length)
          refuse(
            'state',
            '',
            `restore: the state has ${states.length} sets of slots and the optimizer ${this.#cohorts.length}; loadTraining brings both`,
          );
        this.#cohorts.forEach(({ target }, i) => target.restore(states[i]!));
      },
    };
  }

  readSlots(): Slots {
    const parts = this.#cohorts.map(({ group, names, optimizer }) => ({ group, names, slots: readSlots(optimizer) }));
    return {
      meta: {
        className: 'Grouped',
        iterations: this.iterations,
        cohorts: parts.map(({ group = null, names, slots }) => ({ group, names: [...names], slots: slots.meta })),
      },
      tensors: Object.fromEntries(
        parts.flatMap(({ slots }, i) => Object.entries(slots.tensors).map(([key, tensor]) => [`${i}/${key}`, tensor])),
      ),
    };
  }

  checkSlots(meta: Slots['meta'], tensors: SlotTensors): void {
    const probe = this.#spare ?? this.#cohorts[0]!.optimizer;
    savedCohorts(meta).forEach(({ group, slots }, i) => {
      if (group !== null && !this.#groups.some(([name]) => name === group))
        refuse('state', '', `loadTraining: the saved group "${group}" is not among those of parameterGroups`);
      checkSlots(probe, slots, under(tensors, i));
    });
  }

  /** Takes over saved slots; `rename` gives the present name of a variable. */
  restoreSlots(meta: Slots['meta'], tensors: SlotTensors, rename: (name: string) => string): void {
    this.#cohorts.forEach(({ optimizer }) => optimizer.dispose());
    this.#cohorts = [];
    this.#members.clear();
    this.#spare ??= this.#make(); // what was saved before any update has no cohort to tell what optimizers can do
    savedCohorts(meta).forEach(({ group, names, slots }, i) => {
      const cohort = this.#add(group ?? undefined, names.map(rename));
      writeSlots(cohort.optimizer, slots, under(tensors, i), rename);
    });
    this.iterations_ = meta['iterations'] as number;
  }

  override dispose(): void {
    this.#spare?.dispose();
    this.#cohorts.forEach(({ optimizer }) => optimizer.dispose());
    this.#cohorts = [];
    this.#members.clear();
  }

  override async getWeights(): Promise<never> {
    return refuse(
      'state',
      '',
      'getWeights: model.save cannot hold parameter groups; use saveTraining of @anneal/tfjs/training',
    );
  }

  override async setWeights(): Promise<void> {
    return refuse(
      'state',
      '',
      'setWeights: model.save cannot hold parameter groups; use loadTraining of @anneal/tfjs/training',
    );
  }

  override getConfig(): Record<string, never> {
    return {};
  }
}

interface SavedCohort {
  readonly group: string | null;
  readonly names: readonly string[];
  readonly slots: Slots['meta'];
}

const savedCohorts = (meta: Slots['meta']): readonly SavedCohort[] => meta['cohorts'] as unknown as SavedCohort[];

/** The tensors of cohort i. */
function under(tensors: SlotTensors, i: number): SlotTensors {
  const own = Object.entries(tensors).filter(([key]) => key.startsWith(`${i}/`));
  return Object.fromEntries(own.map(([key, tensor]) => [key.slice(`${i}/`.length), tensor]));
}

function matches(match: GroupMatch, { name, shape }: VariableInfo): boolean {
  // search, unlike test, does not move a global expression's lastIndex.
  return match instanceof RegExp ? name.search(match) >= 0 : match({ name, shape });
}
