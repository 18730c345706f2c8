import { byteLength, sizeOf, type Graph, type Shapes, type StateVariable } from '@anneal/onnx';
import type { Ort } from './ort.ts';
import { TrainerError } from './trainerError.ts';

/** WebAssembly addresses 4 GiB. */
const heap = 2 ** 32;

/** Above this the values of a batch are worth memory of their own. */
const large = 2 ** 28;

/** Bytes that the values of a forward pass take together. */
export const bytesOfValues = ({ nodes }: Pick<Graph, 'nodes'>, shapes: Shapes): number =>
  nodes
    .flatMap(({ outputs }) => outputs)
    .reduce((sum, name) => {
      const shape = shapes.get(name);
      return sum + (shape === undefined ? 0 : byteLength(shape.type, sizeOf(shape.dims)));
    }, 0);

/**
 * Options of the session for a step of this size. onnxruntime's arena grows by doubling and gives nothing back: for large values it runs out
 * of memory earlier than need be, and a run that fails leaves it full.
 */
export const memoryOptions = (bytes: number): object => (bytes > large ? { enableCpuMemArena: false } : {});

/** What a step was made for. */
interface Footprint {
  /** Of the values of its forward pass. */
  readonly bytes: number;
  readonly state: readonly StateVariable[];
  readonly feeds: Shapes;
}

/**
 * The sentence that says what would fit, about: gradients take as much again as the values that they are of, and the state is held twice.
 * Undefined where batches have no common first axis.
 *
 * @param failed bytes of the smallest step that there was no memory for: half of them is tried next
 */
function whatFits({ bytes, state, feeds }: Footprint, failed: number): [string] | undefined {
  const [size, ...others] = new Set([...feeds.values()].map(({ dims }) => dims[0]));
  if (size === undefined || others.length > 0) return undefined;
  const held = 2 * state.reduce((sum, { initial }) => sum + 4 * sizeOf(initial.dims), 0);
  const fits = Math.floor(Math.min((size * (heap - held)) / (2 * bytes), (size * failed) / (2 * bytes)));
  const sizes = `the values of a batch of ${size} take ${inWords(bytes)}, the weights and slots ${inWords(held)}`;
  if (fits < 1) return [`${sizes}, of at most ${inWords(heap)}; no batch fits`];
  const share = Math.ceil(size / fits);
  return [
    `${sizes}, of at most ${inWords(heap)}; a batch of about ${fits} fits, and accumulate: ${share} makes the same update of ${share} such batches`,
  ];
}

const inWords = (bytes: number): string =>
  bytes < 2 ** 30 ? `${Math.ceil(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** By runtime, the smallest step that there was no memory for. */
const refused = new WeakMap<object, number>();

/**
 * Refuses a step for which there is no memory, as one like it has shown: onnxruntime-web gets over one such failure, and a second one may leave
 * it unusable.
 *
 * @throws TrainerError `memory`, with what would fit.
 */
export function checkRoom(ort: Ort, step: Footprint): void {
  const failed = refused.get(ort.InferenceSession) ?? Infinity;
  if (step.bytes >= failed)
    throw new TrainerError('memory', 'training', withAdvice('onnxruntime has too little memory', step, failed));
}

/** Throws an error on, with what would fit where it says that memory ran out. */
export function outOfMemory(ort: Ort, step: Footprint, error: unknown): never {
  if (!(error instanceof TrainerError && error.code === 'memory')) throw error;
  refused.set(ort.InferenceSession, step.bytes);
  throw new TrainerError('memory', error.path, withAdvice('onnxruntime ran out of memory', step, step.bytes), {
    cause: error.cause,
  });
}

const withAdvice = (sentence: string, step: Footprint, failed: number): string =>
  [sentence, ...(whatFits(step, failed) ?? [])].join(': ');
