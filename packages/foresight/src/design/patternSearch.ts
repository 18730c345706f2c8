/**
 * The least value of a function of a few numbers in [0, 1]: the best of a grid, then steps along each axis that halve where none goes
 * down.
 *
 * @source Hooke, Jeeves 1961, "Direct Search" Solution of Numerical and Statistical Problems.
 */
export function patternSearch(
  value: (x: readonly number[]) => number,
  dimensions: number,
  perAxis = 5,
): readonly number[] {
  let grid: readonly (readonly number[])[] = [[]];
  for (let axis = 0; axis < dimensions; axis += 1)
    grid = grid.flatMap((before) => Array.from({ length: perAxis }, (_, i) => [...before, i / (perAxis - 1)]));
  let best = grid.map((x) => ({ x, value: value(x) })).reduce((least, one) => (one.value < least.value ? one : least));
  for (let step = 1 / (perAxis - 1) / 2; step > 1e-5;) {
    const around = best.x.flatMap((one, axis) =>
      [one - step, one + step].filter((to) => to >= 0 && to <= 1).map((to) => best.x.with(axis, to)),
    );
    const next = around.map((x) => ({ x, value: value(x) })).find((one) => one.value < best.value);
    if (next === undefined) step /= 2;
    else best = next;
  }
  return best.x;
}
