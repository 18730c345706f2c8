/** Gradients of update t for a variable of `size`, exact in float32, signs mixed, none near 0. */
export function gradientAt(t: number, size: number): number[] {
  return Array.from({ length: size }, (_, i) => {
    const wave = Math.sin(1 + 0.7 * t + 1.3 * i);
    return Math.fround(Math.sign(wave) * (0.1 + Math.abs(wave)));
  });
}
