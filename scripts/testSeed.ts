import process from 'node:process';
import { fileURLToPath } from 'node:url';

declare module 'vitest' {
  interface ProvidedContext {
    /** What every draw of the run begins with. */
    readonly seed: number;
  }
}

/** Of ordinary runs: a run that is red on one machine is red on all of them, and again. */
const fixed = 20;

function chosen(): number {
  const given = process.env['TEST_SEED'] ?? String(fixed);
  if (given === 'random') return Math.floor(Math.random() * 2 ** 31);
  if (/^\d+$/.test(given) && Number(given) < 2 ** 31) return Number(given);
  throw new RangeError(`TEST_SEED must be a whole number below 2^31, or "random"; received ${JSON.stringify(given)}`);
}

/** Chosen once in a process, and told: Vitest loads its configuration anew for each project. */
const kept = globalThis as { annealTestSeed?: number };
if (kept.annealTestSeed === undefined) {
  kept.annealTestSeed = chosen();
  // To the stream of errors: some runs are asked for JSON on the other.
  process.stderr.write(
    `tests draw from the seed ${kept.annealTestSeed} (TEST_SEED=${kept.annealTestSeed} repeats them, TEST_SEED=random draws one)\n`,
  );
}
const seed = kept.annealTestSeed;

/** Options of every Vitest configuration: what is drawn at random is drawn from one seed, file by file. */
export const seeded: { readonly setupFiles: string[]; readonly provide: { readonly seed: number } } = {
  setupFiles: [fileURLToPath(new URL('seedDraws.ts', import.meta.url))],
  provide: { seed },
};
