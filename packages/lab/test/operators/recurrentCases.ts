import { float, type AttributeInput, type Tensor } from '@anneal/onnx';
import * as fc from 'fast-check';
import { floats, some, without, type CaseTable, type Cases, type Floats } from './operatorCase.ts';

const gates = { LSTM: 4, GRU: 3, RNN: 1 };

/** Between −1 and 1: sums over a layer stay where σ and tanh bend. */
const half = (shape: readonly number[]): fc.Arbitrary<Floats> =>
  floats(shape).map(({ dims, values }) => ({ dims, values: values.map((x) => x / 2) }));

const layer = (op: keyof typeof gates): Cases =>
  fc
    .tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 2 }),
      fc.boolean(),
      fc.boolean(),
      some(fc.constantFrom('forward', 'reverse', 'bidirectional')),
      fc.boolean(),
    )
    .chain(([length, batch, bias, initial, direction, before]) => {
      const [width, size, directions] = [2, 2, direction === 'bidirectional' ? 2 : 1];
      const rows = gates[op] * size;
      const maybe = (wanted: boolean, shape: number[]): fc.Arbitrary<Floats | undefined> =>
        wanted ? half(shape) : fc.constant(undefined);
      const state = maybe(initial, [directions, batch, size]);
      return fc
        .tuple(
          half([length, batch, width]),
          half([directions, rows, width]),
          half([directions, rows, size]),
          maybe(bias, [directions, 2 * rows]),
          fc.constant(undefined),
          state,
          ...(op === 'LSTM' ? [state] : []),
        )
        .map((inputs) => ({
          op,
          inputs,
          attributes: without({
            hidden_size: size,
            direction,
            linear_before_reset: op === 'GRU' && before ? 1 : undefined,
          }),
          outputs: op === 'LSTM' ? 3 : 2,
        }));
    });

const mask: Tensor = { type: 'bool', dims: [3, 4], data: Uint8Array.of(1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 0, 1) };

const attention: Cases = fc.constantFrom('plain', 'mask', 'causal', 'sum', 'grouped').chain((form) => {
  const shapes: Record<string, number[][]> = {
    plain: [
      [1, 2, 3, 2],
      [1, 2, 4, 2],
      [1, 2, 4, 3],
    ],
    mask: [
      [1, 2, 3, 2],
      [1, 2, 4, 2],
      [1, 2, 4, 2],
    ],
    causal: [
      [2, 1, 3, 2],
      [2, 1, 3, 2],
      [2, 1, 3, 2],
    ],
    sum: [
      [1, 2, 3, 2],
      [1, 2, 4, 2],
      [1, 2, 4, 2],
      [3, 4],
    ],
    grouped: [
      [1, 3, 8],
      [1, 3, 4],
      [1, 3, 4],
    ],
  };
  const sets: Record<string, Record<string, AttributeInput>> = {
    mask: { scale: float(0.3) },
    causal: { is_causal: 1 },
    sum: { scale: float(0.5) },
    grouped: { q_num_heads: 4, kv_num_heads: 2 },
  };
  return fc.tuple(...(shapes[form] as number[][]).map(floats)).map((inputs) => ({
    op: 'Attention',
    inputs: form === 'mask' ? [...inputs, mask] : inputs,
    attributes: sets[form] ?? {},
    opset: 23,
  }));
});

/** Operators that are lowered to others. */
export const recurrentCases: CaseTable = {
  LSTM: layer('LSTM'),
  GRU: layer('GRU'),
  RNN: layer('RNN'),
  Attention: attention,
};
