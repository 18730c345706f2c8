/** How a value goes from one level to another: 0 at x = 0, 1 at x = 1, monotone between. */
export type Shape = (x: number) => number;

/** Between two levels by a shape's value: exactly `a` at 0 and exactly `b` at 1. */
export const between = (a: number, b: number, x: number): number => a * (1 - x) + b * x;

/** Half a cosine wave up, slow at both ends: ½(1 − cos πx). */
export const halfCosine: Shape = (x) => (1 - Math.cos(Math.PI * x)) / 2;
