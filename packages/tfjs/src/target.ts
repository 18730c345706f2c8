import type { GroupValues, Hyperparameter, Json, Plan, StepValues } from '@anneal/core';
import { betaProducts } from './betaProducts.ts';
import { checkedValues } from './checkedValues.ts';
import { classNameOf, type OptimizerLike } from './optimizer.ts';
import type { OptimizerFields } from './optimizerFields.ts';
import { writeMomentum } from './writeMomentum.ts';

/** Where the values of a plan go. An optimizer made of others carries its own. */
export interface Target {
  /**
   * What keeps the plan from driving this optimizer, as a sentence; undefined if nothing does. `claimed` are the tracks
   * that hooks read themselves; `hasRun` is true if it has run under no binding whose state is at hand.
   */
  objection(plan: Plan, claimed: readonly Hyperparameter[], hasRun?: boolean): string | undefined;
  /** Checks the values of an update and rounds its learning rates to float32. */
  checked(values: StepValues, step: number): StepValues;
  /** Writes the values of the next update. They have been checked. */
  write(values: StepValues): void;
  /** Notes that an update was made with the values last written. */
  updated(): void;
  /** The values in force for one variable. Where they go by name, slots do too, and the variables may change. */
  valuesOf?(variable: string): GroupValues;
  /** The learning rate that the optimizer holds. */
  readonly learningRate: number;
  state(): Json;
  restore(state: Json): void;
}

/** What a plan may drive beside the learning rate, and what does it for an optimizer that lacks it. */
const remedies = { groups: 'parameterGroups', weightDecay: 'decoupledWeightDecay', momentum: '', beta1: '', beta2: '' };
type DrivenField = Exclude<Hyperparameter, 'learningRate'>;

/** An optimizer that knows where the values of a plan go. */
export interface HasTarget {
  readonly annealTarget: Target;
}

/** The target of an optimizer: the one it carries, or one that writes its fields. */
export function targetOf(optimizer: OptimizerLike): Target {
  return (optimizer as Partial<HasTarget>).annealTarget ?? fieldTarget(optimizer);
}

function fieldTarget(optimizer: OptimizerLike): Target {
  const fields = optimizer as OptimizerLike & OptimizerFields;
  const products = betaProducts(optimizer);
  let written: GroupValues | undefined;
  return {
    objection(plan, claimed, hasRun) {
      const name = classNameOf(optimizer);
      if (!fields.setLearningRate && fields.learningRate === undefined) return `${name} has no learningRate`;
      if (name === 'Adamax' && fields.decay) return `decay of Adamax must be 0; received ${fields.decay}`;
      for (const [track, remedy] of Object.entries(remedies) as [DrivenField, string][]) {
        if (plan[track] === undefined || claimed.includes(track)) continue;
        if (typeof fields[track] !== 'number')
          return `${name} has no ${track}, which the plan drives${remedy && `; see ${remedy} of @anneal/tfjs/ops`}`;
        if (hasRun && track.startsWith('beta'))
          return `${name} has already run; a scheduled ${track} needs the state of its binding`;
      }
      return undefined;
    },
    checked: checkedValues,
    ...products,
    write(values) {
      const { learningRate, momentum, weightDecay } = values;
      // A setter rebuilds a tensor: called only where the value differs from what is there. The first write always
      // counts, because tfjs lets fields be written without effect, and because it does not keep the momentum scalar of
      // an optimizer that was made inside tidy.
      const wanted = momentum ?? fields.momentum;
      if (wanted !== undefined && (!written || fields.momentum !== wanted)) writeMomentum(fields, wanted);
      if (!written || fields.learningRate !== learningRate) {
        if (fields.setLearningRate) fields.setLearningRate(learningRate);
        else fields.learningRate = learningRate;
      }
      if (fields.weightDecay !== undefined) fields.weightDecay = weightDecay ?? fields.weightDecay;
      products.write(values);
      written = values;
    },
    get learningRate() {
      return (fields.learningRate ?? written?.learningRate)!;
    },
  };
}
