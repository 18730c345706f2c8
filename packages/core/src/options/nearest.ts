import { fieldNames } from './fieldNames.ts';

/** For each of our names, what others call it: in lower case without underscores, divided by spaces. */
export type Others = Readonly<Record<string, string>>;

/** What to write instead of a name, as the end of a sentence: `, write decaySteps`; empty where no known name is near. */
export function hint(name: string, known: readonly string[], others?: Others): string {
  const names = nearest(name, known, others).join(' and ');
  return names && `, write ${names}`;
}

/**
 * Those of the known names that are meant by another: by its letters alone (`weight_decay`), by what other libraries call it
 * (`T_max`; two for `betas`), else the one that shares the most at both ends (`cosine`, `initialValue`), two thirds of the
 * shorter name at least.
 *
 * @example
 * nearest('T_max', ['initValue', 'decaySteps']); // ['decaySteps']
 * nearest('betas', ['beta1', 'beta2', 'epsilon']); // ['beta1', 'beta2']
 */
export function nearest(name: string, known: readonly string[], others: Others = fieldNames): readonly string[] {
  const asked = letters(name.slice(0, 40));
  if (asked.length < 2) return [];
  const called = known.filter((one) => letters(one) === asked || ` ${others[one] ?? ''} `.includes(` ${asked} `));
  if (called.length > 0) return called;
  let best: readonly string[] = [];
  let most = 2;
  for (const one of known) {
    const shared = sharedEnds(asked, letters(one));
    if (shared > most && shared * 3 >= Math.min(asked.length, letters(one).length) * 2) {
      most = shared;
      best = [one];
    }
  }
  return best;
}

const letters = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** How many letters two names have in common at the front, and at the back of what is left; none if at the back alone, unless one ends with the other. */
function sharedEnds(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let front = 0;
  while (front < length && a[front] === b[front]) front += 1;
  let back = 0;
  while (back < length - front && a.at(-1 - back) === b.at(-1 - back)) back += 1;
  return front > 0 || back === length ? front + back : 0;
}
