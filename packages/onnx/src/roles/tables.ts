import type { Tensor } from '../graph/tensor.ts';

/** The numbers of a float32 tensor. */
const numbers = ({ data }: Tensor): Float32Array => data as Float32Array;

/** Whether all elements are equal. */
export const isUniform = (tensor: Tensor): boolean => numbers(tensor).every((value, _, all) => value === all[0]);

/**
 * Whether a tensor says of each place that it counts or not: two values, one of them 0 and the other 1 or far below zero; or anything
 * with an element below −9999.
 */
export function isMask(tensor: Tensor): boolean {
  let [low, high] = [Infinity, -Infinity];
  let between = false;
  for (const value of numbers(tensor)) {
    low = Math.min(low, value);
    high = Math.max(high, value);
    if (low < -9999) return true;
  }
  for (const value of numbers(tensor)) between ||= value !== low && value !== high;
  return !between && low !== high && ((low === 0 && high === 1) || (high === 0 && low <= -50));
}

/**
 * Whether a tensor is a table of a fixed function: along its last axis but one every column is a sine, a cosine or a line
 * (xₜ₋₁ + xₜ₊₁ = c·xₜ), or its elements are a geometric sequence that begins with 1, as the frequencies of rotary embeddings.
 */
export const isTable = (tensor: Tensor): boolean => isGeometric(tensor) || isWave(tensor);

function isGeometric(tensor: Tensor): boolean {
  const x = numbers(tensor);
  if (x.length < 4 || x[0] !== 1 || tensor.dims.filter((dim) => dim > 1).length !== 1) return false;
  const ratio = x[1]!;
  return ratio > 0 && ratio < 1 && x.every((value, i) => Math.abs(value - ratio ** i) <= 1e-4 * ratio ** i);
}

function isWave(tensor: Tensor): boolean {
  const [steps, columns] = tensor.dims.slice(-2);
  if (steps === undefined || columns === undefined || steps < 4) return false;
  const x = numbers(tensor);
  let moves = false;
  for (let column = 0; column < columns; column++) {
    const at = (t: number): number => x[t * columns + column]!;
    let largest = 1;
    for (let t = 1; t < steps - 1; t++) if (Math.abs(at(t)) > Math.abs(at(largest))) largest = t;
    const c = at(largest) === 0 ? 2 : (at(largest - 1) + at(largest + 1)) / at(largest);
    for (let t = 1; t < steps - 1; t++)
      if (!(Math.abs(at(t)) <= 1.0001) || !(Math.abs(at(t - 1) + at(t + 1) - c * at(t)) <= 1e-3)) return false;
    moves ||= Math.abs(at(1) - at(0)) > 1e-3;
  }
  return moves;
}
