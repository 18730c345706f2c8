import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { backendName } from '../learners/backendName.ts';
import type { Trial } from './trial.ts';

/** What a trial means where it says nothing; left out of the canonical form. */
const defaults: Readonly<Partial<Record<keyof Trial, unknown>>> = {
  accumulate: 1,
  onDivergence: 'stop',
  validateEvery: '1ep',
};

/** A trial as it is written down: the backend by its short name, and nothing that says what is meant anyhow. */
export function canonicalTrial(trial: Trial): Trial {
  const entries = Object.entries({ ...trial, backend: backendName(trial.backend) });
  const kept = entries.filter(([key, value]) => value !== undefined && value !== defaults[key as keyof Trial]);
  return Object.fromEntries(kept) as unknown as Trial;
}

/**
 * The identity of a trial: the first 32 hexadecimal digits of the SHA-256 of its canonical form, keys sorted. The same
 * trial is the same everywhere, so "exactly once" and "resume" are one thing.
 */
export const trialId = (trial: Trial): string =>
  bytesToHex(sha256(utf8ToBytes(sorted(canonicalTrial(trial))))).slice(0, 32);

/** JSON with the keys of every object in order of their code units. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
