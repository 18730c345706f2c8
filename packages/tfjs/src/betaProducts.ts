import type { GroupValues } from '@anneal/core';
import type { OptimizerLike } from './optimizer.ts';

/** Π β over the updates made, in float32: what bias correction divides by 1 minus of. */
export type BetaProducts = {
  readonly beta1?: number;
  readonly beta2?: number;
};

/** A scalar of the optimizer's own tfjs. */
interface Scalar {
  dispose(): void;
}

/** Adam's and Adamax's running products, as their update reads them. */
interface Accumulator {
  assign(value: Scalar): void;
  bufferSync(): TensorBuffer;
}

interface TensorBuffer {
  values: Float32Array;
  toTensor(): Scalar;
}

interface BetaFields extends OptimizerLike {
  beta1?: number;
  beta2?: number;
  accBeta1?: Accumulator;
  accBeta2?: Accumulator;
  getConfig?(): Record<string, unknown>;
  dispose?(): void;
}

const betas = ['beta1', 'beta2'] as const;

/** Keeps scheduled βs and their bias correction together. */
export interface BetaWriter {
  readonly write: (values: GroupValues) => void;
  /** Notes that an update was made with the values last written. */
  readonly updated: () => void;
  readonly state: () => BetaProducts;
  readonly restore: (state: BetaProducts) => void;
}

/**
 * Writes β₁ and β₂ of Adam and Adamax so that update t divides by 1 − Π_{i ≤ t} βᵢ, the sum of the weights that its
 * moving average has given out (Kingma & Ba 2015, section 3, for a β that varies).
 *
 * tfjs starts the product at the constructor's β and multiplies by β after the update: right while β stays, one factor
 * late once it changes. Where β changes, the product that belongs to the update is put in before it. A buffer of the
 * optimizer's own tfjs makes the tensor, so none is imported; the buffer is that of a short-lived optimizer of the same
 * class, whose scalar has not been computed and can be read at once on every backend.
 */
export function betaProducts(optimizer: OptimizerLike): BetaWriter {
  const fields = optimizer as BetaFields;
  /** Product over the updates made, for each β that is driven. */
  let products: { beta1?: number; beta2?: number } = {};
  /** True while the optimizer's own products cannot be the right ones. */
  let stale = false;
  let buffer: TensorBuffer | undefined;

  function put(accumulator: Accumulator, value: number): void {
    if (!buffer) {
      const made = optimizer.constructor as unknown as { fromConfig(cls: unknown, config: unknown): BetaFields };
      const donor = made.fromConfig(made, fields.getConfig!());
      buffer = donor.accBeta1!.bufferSync();
      donor.dispose!();
    }
    // Not the same array again: on the cpu backend the tensor is the array.
    buffer.values = new Float32Array([value]);
    const scalar = buffer.toTensor();
    accumulator.assign(scalar);
    scalar.dispose();
  }

  return {
    write(values) {
      for (const name of betas) {
        const beta = values[name];
        if (beta === undefined) continue;
        products[name] ??= 1;
        const accumulator = fields[`accB${name.slice(1)}` as 'accBeta1' | 'accBeta2'];
        if (accumulator && (stale || fields[name] !== beta)) put(accumulator, products[name] * Math.fround(beta));
        fields[name] = beta;
      }
      stale = false;
    },
    updated() {
      for (const name of betas) products[name] &&= Math.fround(products[name] * Math.fround(fields[name]!));
    },
    state: () => ({ ...products }),
    restore(state) {
      products = { ...state };
      stale = true;
    },
  };
}
