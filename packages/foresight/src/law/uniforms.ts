/** Repeatable numbers in [0, 1) from a seed, by three shifts of 32 bits (Marsaglia 2003, Xorshift RNGs). */
export function uniforms(seed: number): () => number {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bd1e995) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
