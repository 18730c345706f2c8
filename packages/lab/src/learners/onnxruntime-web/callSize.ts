/** A call may keep the event loop to itself so long, ms. */
const longest = 30;
const most = 64;

/**
 * How many updates a call of the runtime holds: a stretch is cut into equal calls, as few as stay within 30 ms each, since
 * every call costs as much as several small updates. The clock decides how many are made at once, never what is computed.
 */
export class CallSize {
  #millisecondsPerUpdate = longest;

  /** For a stretch of so many updates. */
  for(updates: number): number {
    const fit = Math.max(1, Math.min(most, Math.floor(longest / this.#millisecondsPerUpdate)));
    return updates === 0 ? 1 : Math.ceil(updates / Math.ceil(updates / fit));
  }

  /** Tells how long a stretch took; the shortest counts, since others may have used the processor meanwhile. */
  took(milliseconds: number, updates: number): void {
    if (updates > 0) this.#millisecondsPerUpdate = Math.min(this.#millisecondsPerUpdate, milliseconds / updates);
  }
}
