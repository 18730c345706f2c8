import { hyperparameters, type GroupValues, type StepValues } from '@anneal/core';
import type { HyperparameterInput, Optimizer, ScheduledHyperparameter } from '@anneal/onnx';
import { TrainerError } from './trainerError.ts';

/** The tracks of a group, those that it takes from the plan itself included. */
const valuesOf = (values: StepValues, group: string | undefined): GroupValues =>
  group === undefined ? values : (values.groups?.[group] ?? values);

/** The hyperparameters that a plan schedules, of a group or of the base tracks. */
export const scheduledTracks = (values: StepValues, group: string | undefined): ScheduledHyperparameter[] =>
  hyperparameters.filter((name) => valuesOf(values, group)[name] !== undefined);

/**
 * The value of every hyperparameter input at each of the next updates, rounded to float32 once, from the double the plan gives; where the
 * plan has no track, the optimizer's own value.
 *
 * @param values those of the plan, update for update, the first at the step `first`
 * @throws TrainerError `argument` for a value that is not a finite number >= 0.
 */
export function hyperparameterVectors(
  inputs: readonly HyperparameterInput[],
  optimizer: Optimizer,
  values: readonly StepValues[],
  first: number,
): ReadonlyMap<string, Float32Array<ArrayBuffer>> {
  const vectors = new Map(inputs.map(({ input }) => [input, new Float32Array(values.length)]));
  values.forEach((at, k) => {
    for (const { input, group, name, complement } of inputs) {
      const value = valuesOf(at, group)[name] ?? optimizer.hyperparameters[name] ?? 0;
      if (!(value >= 0 && value < Infinity)) {
        const where = group === undefined ? name : `groups/${group}/${name}`;
        throw new TrainerError(
          'argument',
          where,
          `the plan must give a finite number >= 0; at step ${first + k} it gave ${value}`,
        );
      }
      (vectors.get(input) as Float32Array)[k] = complement ? 1 - value : value;
    }
  });
  return vectors;
}

/**
 * What one update applied: the plan's tracks as they went into the graph, rounded to float32, and the learning rates as it gave them back.
 *
 * @param rates of each group that has trained parameters, and of the base tracks under undefined
 */
export function appliedValues(values: StepValues, rates: ReadonlyMap<string | undefined, number>): StepValues {
  const of = (group: string | undefined): GroupValues => {
    const tracks = valuesOf(values, group);
    const rounded = scheduledTracks(values, group).map((name) => [name, Math.fround(tracks[name] as number)]);
    return { ...Object.fromEntries(rounded), learningRate: rates.get(group)! };
  };
  const groups = [...rates.keys()].filter((group) => group !== undefined);
  if (groups.length === 0) return of(undefined);
  return { ...of(undefined), groups: Object.fromEntries(groups.map((group) => [group, of(group)])) };
}
