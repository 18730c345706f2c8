/** A protobuf field: a number, a text, or messages. Enough for what our writer cannot write: sequences of tensors, shapes of inner values. */
export type Field = readonly [number: number, value: number | string | Uint8Array | readonly Field[]];

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

export function encode(fields: readonly Field[]): Uint8Array {
  return Uint8Array.from(
    fields.flatMap(([number, value]) => {
      if (typeof value === 'number') return [...varint(number * 8), ...varint(value)];
      const bytes =
        typeof value === 'string'
          ? new TextEncoder().encode(value)
          : value instanceof Uint8Array
            ? value
            : encode(value);
      return [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
    }),
  );
}

/** TypeProto of a tensor. */
export function tensorType(type: number, dims?: readonly number[]): Field {
  const shape: Field[] = dims === undefined ? [] : [[2, dims.map((dim): Field => [1, [[1, dim]]])]];
  return [1, [[1, type], ...shape]];
}

/** ValueInfoProto. */
export const valueInfo = (name: string, type: Field): readonly Field[] => [
  [1, name],
  [2, [type]],
];
