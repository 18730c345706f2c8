import type { Kind } from '@anneal/core';

/** Steps with the factor that takes effect there, by rising step. */
export type Boundaries = readonly (readonly [step: number, scale: number])[];

/** optax's boundaries_and_scales: a dict, in JSON an object whose keys are the steps; pairs are read too. */
export const boundaries: Kind<Boundaries> = {
  kind: 'boundaries',
  rule: 'an object of steps >= 0 and scales >= 0',
  read: (value) => {
    if (typeof value !== 'object' || value === null) return undefined;
    const pairs: unknown[] = Array.isArray(value)
      ? value
      : Object.entries(value).map(([key, scale]) => [asStep(key), scale]);
    return pairs.every(isPair) ? sorted(pairs) : undefined;
  },
};

/** A dict has one value for each key, the last one given; optax goes through them by rising step. */
export const sorted = (pairs: Boundaries): Boundaries => [...new Map(pairs)].sort(([a], [b]) => a - b);

/** A list of objects: nested schedules, keyword arguments. */
export const records: Kind<readonly Readonly<Record<string, unknown>>[]> = {
  kind: 'records',
  rule: 'a list of at least one object',
  read: (value) => (Array.isArray(value) && value.length > 0 && value.every(isRecord) ? value : undefined),
};

const asStep = (key: string): number => (key.trim() === '' ? NaN : Number(key));

const isPair = (pair: unknown): pair is readonly [number, number] =>
  Array.isArray(pair) &&
  pair.length === 2 &&
  pair.every((item) => typeof item === 'number' && item >= 0 && item < Infinity);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
