import { writeModel, type DataType, type Model, type TensorData } from '@anneal/onnx';
import { runtimeError } from './runtimeError.ts';

/** What lies in tensors of onnxruntime. */
export type OrtData = Exclude<TensorData, readonly string[]>;

/** The part of onnxruntime's `Tensor` that is used. */
export interface OrtTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
  /** "cpu", or where on a device it lies. */
  readonly location: string;
  /** Brings the data to JavaScript, and with `true` gives back what lies on the device. */
  getData(releaseData?: boolean): Promise<unknown>;
  dispose(): void;
}

/** The part of onnxruntime's `InferenceSession` that is used. */
interface OrtSession {
  readonly outputMetadata: readonly {
    readonly name: string;
    readonly isTensor: boolean;
    readonly type?: string;
    readonly shape?: readonly (number | string)[];
  }[];
  run(feeds: Readonly<Record<string, OrtTensor>>): Promise<Readonly<Record<string, OrtTensor>>>;
  release(): Promise<void>;
}

/**
 * What the caller passes as `ort`: `onnxruntime-web/wasm`, `onnxruntime-web`, `onnxruntime-node`, or anything with these two members.
 * Nothing of onnxruntime is imported by this package.
 */
export interface Ort {
  readonly InferenceSession: { create(model: Uint8Array, options?: object): Promise<unknown> };
  readonly Tensor: new (type: never, data: never, dims: readonly number[]) => unknown;
}

/** A tensor of onnxruntime; the one place that knows how its constructor is typed. */
export const tensorOf = (ort: Ort, type: DataType, data: OrtData, dims: readonly number[]): OrtTensor =>
  new ort.Tensor(type as never, data as never, dims) as OrtTensor;

/** The last call under way on each runtime. */
const turns = new WeakMap<object, Promise<unknown>>();

/**
 * Calls of one runtime, one after the other. onnxruntime-web corrupts its memory when a session runs while another one runs or opens in the
 * same thread ("memory access out of bounds"), whichever trainers they belong to.
 */
export function inTurn<Result>(ort: Ort, work: () => Promise<Result>): Promise<Result> {
  const turn = (turns.get(ort.InferenceSession) ?? Promise.resolve()).then(work);
  turns.set(
    ort.InferenceSession,
    turn.catch(() => undefined),
  );
  return turn;
}

/** A session whose calls wait for their turn and whose errors say which graph they are about. */
export class Session {
  readonly outputMetadata: OrtSession['outputMetadata'];
  readonly #ort: Ort;
  readonly #session: OrtSession;
  readonly #what: string;

  private constructor(ort: Ort, session: OrtSession, what: string) {
    this.#ort = ort;
    this.#session = session;
    this.#what = what;
    this.outputMetadata = session.outputMetadata;
  }

  /** @param what names the graph in errors */
  static async open(ort: Ort, model: Model, what: string, options: object = {}): Promise<Session> {
    const bytes = writeModel(model);
    // A fresh options object: onnxruntime writes into the one it gets. Severity 3: errors only.
    const open = (): Promise<unknown> => ort.InferenceSession.create(bytes, { logSeverityLevel: 3, ...options });
    const session = await inTurn(ort, open).catch((cause: unknown) => fail(what, 'does not accept the graph', cause));
    return new Session(ort, session as OrtSession, what);
  }

  run(feeds: Readonly<Record<string, OrtTensor>>): Promise<Readonly<Record<string, OrtTensor>>> {
    return inTurn(this.#ort, () => this.#session.run(feeds)).catch((cause: unknown) =>
      fail(this.#what, 'failed to run the graph', cause),
    );
  }

  release(): Promise<void> {
    return inTurn(this.#ort, () => this.#session.release());
  }
}

function fail(what: string, rule: string, cause: unknown): never {
  throw runtimeError(what, rule, cause);
}
