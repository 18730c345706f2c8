/** A number in [0, 1) that is a function of three integers >= 0, with no pattern that shows: random access to noise. */
export function hashed(seed: number, step: number, draw: number): number {
  // An integer up to 2⁵³ has two words; beyond 2⁵³ steps are multiples of 2 and more, still told apart by the high word.
  let hash = mixed(draw);
  hash = mixed(hash ^ (seed >>> 0));
  hash = mixed(hash ^ Math.floor(seed / 2 ** 32));
  hash = mixed(hash ^ (step >>> 0));
  hash = mixed(hash ^ Math.floor(step / 2 ** 32));
  return hash / 2 ** 32;
}

/** The 32-bit finaliser "lowbias32" of C. Wellons' hash-prospector, moved off its fixed point 0. */
function mixed(word: number): number {
  let hash = (word + 0x9e3779b9) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
}
