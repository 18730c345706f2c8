/**
 * The element types of the format, by the names that it gives them, and the array that holds a tensor of each. What has no array of its
 * own in JavaScript stays as its bits: half precision (F16, BF16) in 16 each, F8 and BOOL (0 or 1) in 8 each, F6 and F4 packed.
 * C64 is a real and an imaginary float32 by turns.
 */
export interface Elements {
  F64: Float64Array;
  I64: BigInt64Array;
  U64: BigUint64Array;
  C64: Float32Array;
  F32: Float32Array;
  I32: Int32Array;
  U32: Uint32Array;
  F16: Uint16Array;
  BF16: Uint16Array;
  I16: Int16Array;
  U16: Uint16Array;
  F8_E5M2: Uint8Array;
  F8_E4M3: Uint8Array;
  F8_E5M2FNUZ: Uint8Array;
  F8_E4M3FNUZ: Uint8Array;
  F8_E8M0: Uint8Array;
  I8: Int8Array;
  U8: Uint8Array;
  BOOL: Uint8Array;
  F6_E2M3: Uint8Array;
  F6_E3M2: Uint8Array;
  F4: Uint8Array;
}

/** The name of an element type. */
export type ElementType = keyof Elements;

/** How many bits an element takes, and how an array of them is made over bytes. */
export interface Layout<D extends ElementType> {
  readonly bits: number;
  readonly array: { readonly name: string; new (bytes: ArrayBuffer): Elements[D] };
}

export const layouts: { readonly [D in ElementType]: Layout<D> } = {
  F64: { bits: 64, array: Float64Array },
  I64: { bits: 64, array: BigInt64Array },
  U64: { bits: 64, array: BigUint64Array },
  C64: { bits: 64, array: Float32Array },
  F32: { bits: 32, array: Float32Array },
  I32: { bits: 32, array: Int32Array },
  U32: { bits: 32, array: Uint32Array },
  F16: { bits: 16, array: Uint16Array },
  BF16: { bits: 16, array: Uint16Array },
  I16: { bits: 16, array: Int16Array },
  U16: { bits: 16, array: Uint16Array },
  F8_E5M2: { bits: 8, array: Uint8Array },
  F8_E4M3: { bits: 8, array: Uint8Array },
  F8_E5M2FNUZ: { bits: 8, array: Uint8Array },
  F8_E4M3FNUZ: { bits: 8, array: Uint8Array },
  F8_E8M0: { bits: 8, array: Uint8Array },
  I8: { bits: 8, array: Int8Array },
  U8: { bits: 8, array: Uint8Array },
  BOOL: { bits: 8, array: Uint8Array },
  F6_E2M3: { bits: 6, array: Uint8Array },
  F6_E3M2: { bits: 6, array: Uint8Array },
  F4: { bits: 4, array: Uint8Array },
};

export const isElementType = (name: string): name is ElementType => Object.hasOwn(layouts, name);

/**
 * Bytes that a tensor of these dims takes; undefined where that is no whole number, or one of the products is past 2⁵³ − 1, and so
 * no count of anything.
 */
export function byteLengthOf(dtype: ElementType, dims: readonly number[]): number | undefined {
  let elements = 1;
  for (const dim of dims) {
    elements *= dim;
    if (elements > Number.MAX_SAFE_INTEGER) return undefined;
  }
  const bytes = (elements * layouts[dtype].bits) / 8;
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
