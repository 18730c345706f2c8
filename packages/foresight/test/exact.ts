import { readFileSync } from 'node:fs';

/** What tools/reference/foresight.py recorded. */
interface Exact {
  readonly bounds: readonly {
    readonly shape: keyof typeof shapes;
    readonly norm: keyof typeof norms;
    readonly steps: number;
    readonly distanceTerm: number;
    readonly gradientTerm: number;
    readonly bestBound: number;
  }[];
  readonly risks: readonly {
    readonly noise: 'additive' | 'leastSquares';
    readonly variance: number;
    readonly batchSize: number;
    readonly momentum: number;
    readonly rates: readonly number[];
    readonly risk: readonly number[];
    readonly exact: readonly boolean[];
  }[];
  readonly medians: readonly {
    readonly width: number;
    readonly values: readonly number[];
    readonly medians: readonly number[];
  }[];
}

export const exact = JSON.parse(readFileSync(new URL('fixtures/exact.json', import.meta.url), 'utf8')) as Exact;

/** The schedules of the program, formed by the same divisions. */
export const shapes = {
  constant: () => 0.3,
  linear: (t: number, steps: number) => (steps - t) / steps,
  cooldown: (t: number, steps: number) => Math.min(1, (steps - t) / (0.25 * steps)),
  inverse: (t: number) => 1 / (1 + t / 100),
  warmup: (t: number) => Math.min(1, t / 3),
};

export const norms = { one: () => 1, falling: (t: number) => 1 / Math.sqrt(t + 1) };
