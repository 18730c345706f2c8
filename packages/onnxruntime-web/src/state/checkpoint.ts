import type { SchedulerState } from '@anneal/core';
import type { StateVariable } from '@anneal/onnx';
import { TrainerError } from '../trainerError.ts';
import { readSafetensors, writeSafetensors, type StoredTensor } from './safetensors.ts';

/** Everything that training needs to go on: trained parameters and slots bit for bit, and the scheduler. */
export interface Checkpoint {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly scheduler: SchedulerState;
  readonly optimizer: string;
}

/**
 * A checkpoint is a safetensors file. Parameters have their own names, slots `optimizer/<slot>/<parameter>`; the key "anneal" of
 * its metadata holds version, optimizer and scheduler state as JSON.
 */
export function writeCheckpoint({ tensors, scheduler, optimizer }: Checkpoint): Uint8Array<ArrayBuffer> {
  return writeSafetensors({ tensors, metadata: { anneal: JSON.stringify({ version: 1, optimizer, scheduler }) } });
}

/**
 * Reads a checkpoint and checks it against the state it is for: the same tensors, of the same shapes, for the same optimizer.
 *
 * @throws TrainerError `checkpoint`, naming what differs.
 */
export function readCheckpoint(bytes: Uint8Array, variables: readonly StateVariable[], optimizer: string): Checkpoint {
  const fail = (path: string, message: string): never => {
    throw new TrainerError('checkpoint', path, message);
  };
  const { tensors, metadata } = readSafetensors(bytes);
  const saved = parse(metadata['anneal']);
  if (saved?.version !== 1 || saved.scheduler === undefined) {
    return fail('metadata', 'the file was not written by save(): it holds no training state of version 1');
  }
  if (saved.optimizer !== optimizer)
    fail('optimizer', `the checkpoint is of ${String(saved.optimizer)}, the trainer of ${optimizer}`);
  for (const { name, initial } of variables) {
    const tensor = tensors.get(name) ?? fail(name, 'the checkpoint lacks this tensor');
    if (tensor.dims.join() !== initial.dims.join()) {
      fail(
        name,
        `the checkpoint holds the shape [${tensor.dims.join(', ')}], the trainer [${initial.dims.join(', ')}]`,
      );
    }
  }
  if (tensors.size !== variables.length) {
    const known = new Set(variables.map(({ name }) => name));
    const extra = [...tensors.keys()].find((name) => !known.has(name)) as string;
    fail(extra, 'the checkpoint holds this tensor, which the trainer does not train');
  }
  return { tensors, scheduler: saved.scheduler, optimizer };
}

function parse(text = 'null'): { version?: unknown; optimizer?: unknown; scheduler?: SchedulerState } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
