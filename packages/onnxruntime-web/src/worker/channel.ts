import { TrainerError } from '../trainerError.ts';
import { copied, packError, unpackError, type PackedError } from './crossing.ts';

/** The part of a `MessagePort` that is used; that of a page and that of Node are alike in it. */
export interface Port {
  postMessage(message: unknown, transfer: never): void;
  addEventListener(type: 'message' | 'close', listener: (event: object) => void): void;
  start(): void;
}

type Message =
  | { readonly id?: number; readonly method: string; readonly args: readonly unknown[] }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: PackedError };

/** What the other side may call. */
export type Methods = Readonly<Record<string, (...args: never[]) => unknown>>;

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export const ended = (): TrainerError => new TrainerError('disposed', 'worker', 'it has ended');

/** Calls across a message port, in both directions; each waits for its answer, and all of them end when the other side does. */
export class Channel {
  readonly #port: Port;
  readonly #methods: Methods;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #ended: Error | undefined;

  constructor(port: Port, methods: Methods) {
    this.#port = port;
    this.#methods = methods;
    port.addEventListener('message', (event) => void this.#receive((event as { readonly data: Message }).data));
    // Node says when the other side is gone.
    port.addEventListener('close', () => this.end(ended()));
    port.start();
  }

  call(method: string, ...args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) throw this.#ended;
      const id = ++this.#last;
      this.#post({ id, method, args });
      this.#waiting.set(id, { resolve, reject });
    });
  }

  /** A call without an answer. */
  tell(method: string, ...args: readonly unknown[]): void {
    if (this.#ended === undefined) this.#post({ method, args });
  }

  /** Rejects what waits for an answer, and every later call. */
  end(error: Error): void {
    this.#ended ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended);
    this.#waiting.clear();
  }

  get ended(): boolean {
    return this.#ended !== undefined;
  }

  async #receive(message: Message): Promise<void> {
    if ('method' in message) {
      const { id, method, args } = message;
      try {
        const result = await this.#methods[method]!(...(args as never[]));
        if (id !== undefined) this.#post({ id, result });
      } catch (error) {
        if (id !== undefined) this.#post({ id, error: packError(error) });
      }
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('error' in message) waiting?.reject(unpackError(message.error));
    else waiting?.resolve(message.result);
  }

  #post(message: Message): void {
    const transfer: ArrayBufferLike[] = [];
    try {
      this.#port.postMessage(copied(message, transfer), transfer as never);
    } catch (cause) {
      const what = 'method' in message ? message.method : 'answer';
      throw new TrainerError(
        'argument',
        what,
        'it holds what cannot cross to another thread; losses and other functions live in the worker, a schedule crosses as its spec',
        { cause },
      );
    }
  }
}
