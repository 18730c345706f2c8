import type { SchedulerState } from '@anneal/core';
import type { Cohort, Model, StateVariable } from '@anneal/onnx';
import {
  readSafetensors,
  SafetensorsError,
  writeSafetensors,
  type StoredTensorOf,
  type TensorFile,
} from '@anneal/safetensors';
import { TrainerError } from '../trainerError.ts';

/** A tensor of a checkpoint: all of them are float32. */
export type CheckpointTensor = Pick<StoredTensorOf<'F32'>, 'dims' | 'data'>;

/** Everything that training needs to go on: state variables bit for bit, what is trained since when, and the scheduler. */
export interface Checkpoint {
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  readonly scheduler: SchedulerState;
  readonly optimizer: string;
  readonly cohorts: readonly Cohort[];
}

const fail = (path: string, message: string): never => {
  throw new TrainerError('checkpoint', path, message);
};

/**
 * A checkpoint is a safetensors file. Parameters and running statistics have their own names, slots `optimizer/<slot>/<parameter>`,
 * averages `average/<parameter>`; the key "anneal" of its metadata holds version, optimizer, cohorts and scheduler state as JSON.
 */
export function writeCheckpoint({ tensors, ...state }: Checkpoint): Uint8Array<ArrayBuffer> {
  return writeSafetensors({
    tensors: new Map([...tensors].map(([name, { dims, data }]) => [name, { dtype: 'F32', dims, data }])),
    metadata: new Map([['anneal', JSON.stringify({ version: 1, ...state })]]),
  });
}

/**
 * Reads a checkpoint.
 *
 * @throws TrainerError `checkpoint` when it is none, or of another optimizer.
 */
export function readCheckpoint(bytes: Uint8Array, optimizer: string): Checkpoint {
  const file = readFile(bytes);
  const tensors = new Map(
    [...file.tensors].map(([name, tensor]) => {
      if (tensor.dtype !== 'F32') return fail(name, `the tensors of a checkpoint are F32; this one is ${tensor.dtype}`);
      return [name, tensor];
    }),
  );
  const saved = parse(file.metadata.get('anneal'));
  if (saved?.version !== 1 || saved.scheduler === undefined || !isCohorts(saved.cohorts)) {
    return fail('metadata', 'the file was not written by save(): it holds no training state of version 1');
  }
  if (saved.optimizer !== optimizer)
    fail('optimizer', `the checkpoint is of ${String(saved.optimizer)}, the trainer of ${optimizer}`);
  return { tensors, scheduler: saved.scheduler, optimizer, cohorts: saved.cohorts };
}

/**
 * Checks cohorts against the trainer they are for: the first trains what it trained at first, later ones what else its model has, since an
 * update that has been made.
 *
 * @throws TrainerError `checkpoint`, naming what differs.
 */
export function checkCohorts(
  { cohorts, scheduler }: Pick<Checkpoint, 'cohorts' | 'scheduler'>,
  first: readonly string[],
  model: Model,
): void {
  const [saved, ...later] = cohorts.map(({ parameters }) => new Set(parameters));
  const alone = [...saved!].find((name) => !first.includes(name)) ?? first.find((name) => !saved!.has(name));
  if (alone !== undefined)
    fail(
      alone,
      `the ${saved!.has(alone) ? 'checkpoint' : 'trainer'} trains this from its first update, the other does not`,
    );
  const strange = later
    .flatMap((names) => [...names])
    .find((name) => model.graph.initializers.get(name)?.type !== 'float32');
  const early = cohorts.find(({ since }) => !(Number.isSafeInteger(since) && since >= 0 && since <= scheduler.step));
  if (early !== undefined)
    fail('cohorts', `one begins at step ${early.since} of a training that has come to step ${scheduler.step}`);
  if (strange !== undefined) fail(strange, 'the checkpoint trains this, which is no float32 initializer of the model');
}

/**
 * Checks tensors against the state they are for: the same names and shapes.
 *
 * @throws TrainerError `checkpoint`, naming what differs.
 */
export function checkTensors(tensors: Checkpoint['tensors'], variables: readonly StateVariable[]): void {
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
}

function readFile(bytes: Uint8Array): TensorFile {
  try {
    return readSafetensors(bytes);
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error;
    throw new TrainerError('checkpoint', error.path || 'safetensors', error.message, { cause: error });
  }
}

function parse(
  text = 'null',
): (Partial<Record<'version' | 'optimizer' | 'cohorts', unknown>> & { scheduler?: SchedulerState }) | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const isCohorts = (value: unknown): value is readonly Cohort[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(
    (cohort: Partial<Record<keyof Cohort, unknown>> | null) =>
      typeof cohort?.since === 'number' &&
      Array.isArray(cohort?.parameters) &&
      cohort.parameters.every((name) => typeof name === 'string'),
  );
