const size = 624;
const middle = 397;

/**
 * The 32-bit Mersenne Twister: the generator behind `torch.Generator` on the CPU.
 *
 * One instance is seeded again and again, so that drawing allocates nothing.
 *
 * @source Matsumoto, Nishimura 1998, "Mersenne Twister", ACM TOMACS 8(1), doi 10.1145/272991.272995; seeded as in their
 *   mt19937ar.c (2002)
 */
export class MersenneTwister {
  readonly #words = new Uint32Array(size);
  #drawn = 0;

  /** Starts over. Of a seed above 2³²−1 the low 32 bits count. */
  seed(seed: number): void {
    const words = this.#words;
    words[0] = seed % 2 ** 32;
    for (let i = 1; i < size; i += 1) {
      const before = words[i - 1]! ^ (words[i - 1]! >>> 30);
      words[i] = Math.imul(1812433253, before) + i;
    }
    this.#drawn = 0;
  }

  /** The next 32 random bits. */
  next(): number {
    const words = this.#words;
    const i = this.#drawn % size;
    this.#drawn += 1;
    // Each word is replaced when it is drawn, which gives the same numbers as replacing all 624 at once.
    const joined = (words[i]! & 0x80000000) | (words[(i + 1) % size]! & 0x7fffffff);
    words[i] = words[(i + middle) % size]! ^ (joined >>> 1) ^ ((joined & 1) === 1 ? 0x9908b0df : 0);
    let bits = words[i];
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    return (bits ^ (bits >>> 18)) >>> 0;
  }
}
