import type { CompiledStep } from '../compile.ts';
import { inTurn, type Ort, type OrtData, type OrtTensor } from '../ort.ts';

/** The tensors that change from update to update, by name. */
export type State = ReadonlyMap<string, OrtTensor>;

/** What K steps read: batches and masks stacked along a new first axis, and each scalar input as K numbers. */
export interface Chunk {
  readonly steps: number;
  readonly feeds: ReadonlyMap<string, OrtData>;
  readonly scalars: ReadonlyMap<string, Float32Array<ArrayBuffer>>;
}

/** What K steps gave. */
export interface ChunkResult {
  readonly state: State;
  readonly losses: Float32Array;
  /** Applied learning rates, by group; of the base tracks under undefined. */
  readonly applied: ReadonlyMap<string | undefined, Float32Array>;
}

/** Makes the updates of a chunk. */
export interface Runner {
  readonly step: CompiledStep;
  /** The given state is left as it is. After a loss that is not finite, results may end. */
  run(state: State, chunk: Chunk): Promise<ChunkResult>;
  release(): Promise<void>;
}

/** The first `steps` steps of a chunk. */
export const firstSteps = (chunk: Chunk, steps: number): Chunk => {
  const cut = <Data extends OrtData>([name, data]: readonly [string, Data]): [string, Data] => [
    name,
    data.subarray(0, (data.length / chunk.steps) * steps) as Data,
  ];
  return {
    steps,
    feeds: new Map([...chunk.feeds].map(cut)),
    scalars: new Map([...chunk.scalars].map(cut)),
  };
};

/** The state with all its numbers in memory that JavaScript reads; what lay on a device is given back there. */
export async function settled(ort: Ort, state: State): Promise<State> {
  for (const tensor of state.values()) {
    if (tensor.location === 'gpu-buffer') await inTurn(ort, () => tensor.getData(true));
  }
  return state;
}

/** Gives back what lies on a device. */
export const discard = (state: State): void => {
  for (const tensor of state.values()) if (tensor.location === 'gpu-buffer') tensor.dispose();
};
