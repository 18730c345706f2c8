import type { Shapes } from '@anneal/onnx';
import { shapesOf, signatureOf, type Batch, type Feed } from './batch.ts';
import type { OrtData } from './ort.ts';
import type { AbortSignalLike } from './trainer.ts';

/** The batches of a chunk, which is what one call of the runtime makes: all of one shape. */
export interface ChunkBatches {
  readonly shapes: Shapes;
  readonly signature: string;
  /** Updates they are for. */
  readonly steps: number;
  /** Batches in each update. */
  readonly accumulate: number;
  readonly feeds: ReadonlyMap<string, OrtData>;
}

/**
 * Puts batches together as they come, for as many updates at once as `stepsAhead` says, `accumulate` batches each. A batch of another shape, and
 * the end, leave fewer updates in a call, and at last fewer batches in an update. Once aborted, what waits is given out at once, and so it is
 * before a batch that `check` refuses.
 */
export async function* chunked(
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  accumulate: number,
  stepsAhead: () => number,
  check: (batch: Batch) => void,
  signal?: AbortSignalLike,
): AsyncGenerator<ChunkBatches, void, void> {
  // Those given out. The trainer may go back over the last one; the one before is filled again, since fresh memory is slow at first touch.
  const given: BatchStack[] = [];
  const take = (shapes: Shapes, signature: string, capacity: number): BatchStack => {
    const free = given.length > 1 ? given.shift() : undefined;
    return free?.emptied(signature, capacity) ?? new BatchStack(shapes, signature, capacity);
  };
  let stack: BatchStack | undefined;
  const give = function* (): Generator<ChunkBatches, void, void> {
    if (stack === undefined) return;
    yield* stack.inUpdates(accumulate);
    given.push(stack);
    stack = undefined;
  };
  for await (const batch of batches) {
    const shapes = shapesOf(batch);
    const signature = signatureOf(shapes);
    try {
      check(batch);
    } catch (error) {
      yield* give();
      throw error;
    }
    if (stack !== undefined && stack.signature !== signature) yield* give();
    const wanted = stepsAhead() * accumulate;
    stack ??= take(shapes, signature, wanted);
    stack.push(batch);
    if (signal?.aborted === true || stack.count >= wanted) yield* give();
  }
  yield* give();
}

/** Batches of one shape, copied one behind the other as they come: a stream may fill the same arrays again. */
class BatchStack {
  readonly shapes: Shapes;
  readonly signature: string;
  readonly #capacity: number;
  readonly #arrays = new Map<string, Float32Array>();
  #count = 0;

  constructor(shapes: Shapes, signature: string, capacity: number) {
    this.shapes = shapes;
    this.signature = signature;
    this.#capacity = capacity;
  }

  get count(): number {
    return this.#count;
  }

  /** The same memory for other batches, if they are of this shape and as many. */
  emptied(signature: string, capacity: number): BatchStack | undefined {
    if (signature !== this.signature || capacity !== this.#capacity) return undefined;
    this.#count = 0;
    return this;
  }

  push(batch: Batch): void {
    for (const name of this.shapes.keys()) {
      // Any typed array is meant; Float32Array stands for them all.
      const data = (batch[name] as Feed).data as Float32Array;
      let array = this.#arrays.get(name);
      if (array === undefined) {
        array = new (data.constructor as Float32ArrayConstructor)(data.length * this.#capacity);
        this.#arrays.set(name, array);
      }
      array.set(data, this.#count * data.length);
    }
    this.#count++;
  }

  /** The data of batches `from` to `to`. */
  slice(from: number, to: number): ReadonlyMap<string, OrtData> {
    const cut = (array: Float32Array): OrtData =>
      array.subarray((array.length / this.#capacity) * from, (array.length / this.#capacity) * to);
    return new Map([...this.#arrays].map(([name, array]) => [name, cut(array)]));
  }

  /** All batches: whole updates first, then a rest as one of its own. */
  *inUpdates(wanted: number): Generator<ChunkBatches, void, void> {
    const { shapes, signature, count } = this;
    for (let at = 0; at < count;) {
      const accumulate = Math.min(wanted, count - at);
      const steps = Math.floor((count - at) / accumulate);
      yield { shapes, signature, steps, accumulate, feeds: this.slice(at, at + steps * accumulate) };
      at += steps * accumulate;
    }
  }
}
