import type { AttributeInput, Tensor } from '@anneal/onnx';

/** An input of an operator under test: floats that are varied, or a constant. */
export type CaseInput =
  | { readonly dims: readonly number[]; readonly values?: readonly number[]; readonly from?: number }
  | Tensor
  | undefined;

/** One use of an operator: its gradient with respect to every varied input is compared with central differences. */
export interface RuleCase {
  readonly op: string;
  /** Tells cases of one operator apart. */
  readonly note?: string;
  readonly inputs: readonly CaseInput[];
  readonly attributes?: Readonly<Record<string, AttributeInput>>;
  /** Outputs that enter the loss; by default the first alone. */
  readonly outputs?: number;
  /** Of those, the ones that do (others are declared and unused). */
  readonly used?: readonly number[];
  readonly opset?: number;
}

/** Varied floats of a shape; `from` shifts them, so that `positive` ones stay above zero. */
export const x = (...dims: number[]): CaseInput => ({ dims });
export const positive = (...dims: number[]): CaseInput => ({ dims, from: 0.375 });

/**
 * Odd multiples of 1/8 between −2 and 2, or from `from` on: exact in float32 as are the steps taken from them, all different within 16,
 * and at least 1/8 from every multiple of 1/4, where the corners of piecewise functions in these tests lie.
 */
export function caseValues(count: number, seed: number, from?: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const position = (i * 7 + seed * 5) % 16;
    return from === undefined ? (2 * position - 15) / 8 : from + position / 4;
  });
}
