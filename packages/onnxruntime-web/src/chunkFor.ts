import type { StepValues } from '@anneal/core';
import { masksFor } from '@anneal/onnx';
import type { ChunkBatches } from './chunks.ts';
import type { CompiledStep, Recipe } from './compile.ts';
import { hyperparameterVectors } from './hyperparameterInputs.ts';
import type { Chunk } from './runners/runner.ts';

/**
 * Everything that the next updates read besides their state: batches, dropout masks, hyperparameters, shares of averages.
 *
 * @param values of the plan, one for each update, the first at `step`
 */
export function chunkFor(
  { hyperparameters, averages, masks }: CompiledStep,
  { optimizer, average, seed }: Recipe,
  { steps, accumulate, feeds }: ChunkBatches,
  values: readonly StepValues[],
  step: number,
): Chunk {
  const shares = averages.map(({ input, since }): [string, Float32Array<ArrayBuffer>] => {
    return [input, Float32Array.from({ length: steps }, (_, k) => average!.share(step + k + 1, since))];
  });
  return {
    steps,
    feeds: new Map([...feeds, ...masksFor(masks, seed, { step, steps, accumulate })]),
    scalars: new Map([...hyperparameterVectors(hyperparameters, optimizer, values, step), ...shares]),
  };
}
