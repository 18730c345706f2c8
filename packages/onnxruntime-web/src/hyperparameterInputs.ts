import { hyperparameters, type GroupValues, type Scheduler, type StepValues } from '@anneal/core';
import type { HyperparameterInput, Optimizer, ScheduledHyperparameter } from '@anneal/onnx';
import { TrainerError } from './trainerError.ts';

/** The tracks of a group, those that it takes from the plan itself included. */
const valuesOf = (values: StepValues, group: string | undefined): GroupValues =>
  group === undefined ? values : (values.groups?.[group] ?? values);

/** The hyperparameters that a plan schedules, of a group or of the base tracks. */
export const scheduledTracks = (values: StepValues, group: string | undefined): ScheduledHyperparameter[] =>
  hyperparameters.filter((name) => valuesOf(values, group)[name] !== undefined);

/**
 * The value of every hyperparameter input at each of the next `steps` updates, rounded to float32 once, from the double the plan gives;
 * where the plan has no track, the optimizer's own value.
 *
 * @throws TrainerError `argument` for a value that is not a finite number >= 0.
 */
export function hyperparameterVectors(
  inputs: readonly HyperparameterInput[],
  scheduler: Scheduler,
  optimizer: Optimizer,
  steps: number,
): ReadonlyMap<string, Float32Array<ArrayBuffer>> {
  const vectors = new Map(inputs.map(({ input }) => [input, new Float32Array(steps)]));
  for (let k = 0; k < steps; k++) {
    const values = scheduler.values(scheduler.step + k);
    for (const { input, group, name, complement } of inputs) {
      const value = valuesOf(values, group)[name] ?? optimizer.hyperparameters[name] ?? 0;
      if (!(value >= 0 && value < Infinity)) {
        const where = group === undefined ? name : `groups/${group}/${name}`;
        throw new TrainerError(
          'argument',
          where,
          `the plan must give a finite number >= 0; at step ${scheduler.step + k} it gave ${value}`,
        );
      }
      (vectors.get(input) as Float32Array)[k] = complement ? 1 - value : value;
    }
  }
  return vectors;
}
