import { bytesOf, bytesPart, pack, unpack } from '../data/container.ts';
import { LabError } from '../../labError.ts';
import type { Evaluation } from './evaluate.ts';

/** Why a run ended before its last step; null where it did not. */
export type Stopped = null | 'aborted' | 'diverged' | 'early';

/** Where the training loop stands: plain JSON. */
export interface LoopState {
  readonly version: 1;
  readonly run: string;
  readonly backend: string;
  readonly seed: number;
  /** Updates made. */
  readonly step: number;
  /** Losses of the epoch under way, summed, and of how many updates; with them the mean of the last whole epoch. */
  readonly epochLoss: { readonly sum: number; readonly updates: number; readonly last: number | null };
  readonly best: ({ readonly step: number } & Evaluation) | null;
  /** Validations since the best one. */
  readonly waited: number;
  readonly milliseconds: number;
  /** Present once the run has ended; then nothing is left to do. */
  readonly result?: TrainResult;
}

/** How a run ended. Losses and accuracies that are not finite are null. */
export interface TrainResult {
  readonly stopped: Stopped;
  /** Updates made. */
  readonly steps: number;
  /** Mean training loss of the last epoch, or of the part of it that was run; null where no update was made. */
  readonly finalLoss: number | null;
  readonly validation: { readonly loss: number | null; readonly accuracy: number };
  readonly test: { readonly loss: number | null; readonly accuracy: number };
  /** The weights that were tested: those of which step. */
  readonly testedStep: number;
  readonly stepsPerSecond: number;
}

/** Everything needed to go on as if never interrupted. */
export interface Checkpoint {
  readonly state: LoopState;
  /** The learner's own bytes: weights, optimizer, scheduler. */
  readonly learner: Uint8Array;
  /** The learner at its best validation loss. */
  readonly best: Uint8Array | null;
}

/** A checkpoint as one file, itself a safetensors file; `extra` is kept beside the state for whoever stores it. */
export function encodeCheckpoint(
  { state, learner, best }: Checkpoint,
  extra: Readonly<Record<string, number>> = {},
): Uint8Array {
  return pack({
    texts: { format: 'anneal-checkpoint', state: JSON.stringify(state), extra: JSON.stringify(extra) },
    parts: { learner: bytesPart(learner), ...(best !== null && { best: bytesPart(best) }) },
  });
}

/** Reads what {@link encodeCheckpoint} wrote; throws a {@link LabError} for anything else. */
export function decodeCheckpoint(file: Uint8Array): {
  readonly checkpoint: Checkpoint;
  readonly extra: Readonly<Record<string, number>>;
} {
  const { texts, parts } = unpack(file, 'the checkpoint');
  const { learner, best } = parts;
  const state = JSON.parse(texts['state'] ?? 'null') as LoopState | null;
  if (texts['format'] !== 'anneal-checkpoint' || state?.version !== 1 || learner === undefined)
    throw new LabError('checkpoint', 'the checkpoint was not written by this version of the training loop');
  return {
    checkpoint: { state, learner: bytesOf(learner), best: best === undefined ? null : bytesOf(best) },
    extra: JSON.parse(texts['extra'] ?? '{}') as Record<string, number>,
  };
}
