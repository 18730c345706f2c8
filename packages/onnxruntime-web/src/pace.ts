import { maxHold } from './breathe.ts';

/** More updates in one call save nothing that can be measured. */
const most = 16;

/**
 * How many updates to make in one call of the runtime, where the caller does not say: twice as many as long as a call would stay within
 * {@link maxHold}, half as many once it does not, so that a page and an abort wait for small models no longer than for large ones.
 * The clock decides how many are made at once, never what is computed.
 */
export class Pace {
  #steps = 1;

  get steps(): number {
    return this.#steps;
  }

  /** Tells that a call of so many updates took so long, ms. */
  took(ms: number, steps: number): void {
    const whole = (ms / steps) * this.#steps;
    if (whole > maxHold) this.#steps = Math.max(this.#steps / 2, 1);
    else if (2 * whole <= maxHold) this.#steps = Math.min(this.#steps * 2, most);
  }
}
