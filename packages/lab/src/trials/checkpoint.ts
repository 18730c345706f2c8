import { readSafetensors, SafetensorsError, writeSafetensors } from '@anneal/safetensors';
import { LabError } from '../labError.ts';
import type { LoopState } from './loopState.ts';

/** A place that the loop can go to: where it stood, and the learner's own bytes: weights, optimizer, scheduler. */
export interface Place {
  readonly state: LoopState;
  readonly learner: Uint8Array;
}

/** Everything needed to go on as if never interrupted. The same bytes may stand in several places. */
export interface Checkpoint extends Place {
  /** The learner at its best validation. */
  readonly best: Uint8Array | null;
  /** Where the loop goes back to from a loss that is not finite. */
  readonly good: Place | null;
}

/** Numbers that whoever stores a checkpoint keeps with it. */
export type Extra = Readonly<Record<string, number>>;

const format = 'anneal-checkpoint';

/** A checkpoint as one file, itself a safetensors file; bytes that stand in several places are written once. */
export function encodeCheckpoint({ state, learner, best, good }: Checkpoint, extra: Extra = {}): Uint8Array {
  const given = { learner, best, good: good?.learner ?? null };
  const parts = Object.entries(given).filter(([name, bytes]) => bytes !== null && partOf(given, bytes) === name);
  return writeSafetensors({
    tensors: new Map(parts.map(([name, data]) => [name, { dtype: 'U8', dims: [data!.length], data: data! }])),
    metadata: new Map([
      ['format', format],
      ['state', JSON.stringify(state)],
      ['goodState', JSON.stringify(good?.state ?? null)],
      ['extra', JSON.stringify(extra)],
      ['parts', JSON.stringify({ best: partOf(given, best), good: partOf(given, given.good) })],
    ]),
  });
}

/** The part under which bytes are written: the first that holds them. */
const partOf = (parts: Readonly<Record<string, Uint8Array | null>>, bytes: Uint8Array | null): string | null =>
  bytes === null ? null : Object.keys(parts).find((name) => parts[name] === bytes)!;

/** Reads what {@link encodeCheckpoint} wrote; throws a {@link LabError} for anything else. */
export function decodeCheckpoint(file: Uint8Array): Checkpoint {
  const { tensors, metadata } = opened(file);
  const json = (name: string): unknown => JSON.parse(metadata.get(name) ?? 'null');
  const bytesOf = (name: string | null | undefined): Uint8Array | null => {
    const data = tensors.get(name ?? '')?.data;
    return data instanceof Uint8Array ? data : null;
  };
  const learner = bytesOf('learner');
  if (metadata.get('format') !== format || learner === null) throw foreign();
  const state = json('state') as LoopState | null;
  if (state?.version !== 1) throw foreign();
  const parts = json('parts') as Record<string, string | null>;
  const goodState = json('goodState') as LoopState | null;
  const good = bytesOf(parts['good']);
  return {
    state,
    learner,
    best: bytesOf(parts['best']),
    good: goodState === null || good === null ? null : { state: goodState, learner: good },
  };
}

function opened(file: Uint8Array): ReturnType<typeof readSafetensors> {
  try {
    return readSafetensors(file);
  } catch (cause) {
    if (!(cause instanceof SafetensorsError)) throw cause;
    throw new LabError('checkpoint', 'the checkpoint cannot be read: it is not one, or it is damaged', { cause });
  }
}

const foreign = (): LabError =>
  new LabError('checkpoint', 'the checkpoint was not written by this version of the training loop');

/** What was stored with a checkpoint. */
export const extraOf = (file: Uint8Array): Extra => JSON.parse(opened(file).metadata.get('extra') ?? '{}') as Extra;
