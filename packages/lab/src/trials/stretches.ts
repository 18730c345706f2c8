/** A stretch should take no longer, ms: events reach a page, and an abort is heard, about as often. */
const longest = 50;
const most = 256;

/**
 * How many updates the loop hands to a learner at once: what lies before the next boundary is cut into equal stretches, as
 * few as stay within 50 ms each. The clock decides how often the loop looks up, never what is computed.
 */
export class Stretches {
  #fit = 1;
  readonly #fixed: number | undefined;

  constructor(fixed?: number) {
    this.#fixed = fixed;
  }

  /** Of so many updates before the next boundary. */
  next(updates: number): number {
    if (this.#fixed !== undefined) return Math.min(this.#fixed, updates);
    return Math.ceil(updates / Math.ceil(updates / this.#fit));
  }

  /** Tells that so many updates took so long; the shortest counts, since others may have used the processor meanwhile. */
  took(milliseconds: number, updates: number): void {
    if (updates === 0) return;
    const fit = Math.floor((longest * updates) / Math.max(milliseconds, 1e-3));
    this.#fit = Math.max(this.#fit, Math.min(fit, 4 * this.#fit, most));
  }
}

/** The next multiple of `of` after a step. */
export const nextMultiple = (step: number, of: number): number => (Math.floor(step / of) + 1) * of;

/**
 * Gives up the thread for one turn of the event loop if 20 ms have passed since it last did: messages, timers and input
 * that wait are dealt with. By a message, since a timer of 0 would cost 4 ms in a page.
 */
export function turns(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < 20) return;
    await new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', () => {
        port1.close();
        resolve();
      });
      port1.start();
      port2.postMessage(null);
    });
    since = performance.now();
  };
}
