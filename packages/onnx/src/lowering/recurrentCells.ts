import { add, mul, sub } from '../graph/arithmetic.ts';
import type { LoweringContext } from './lowering.ts';

/** What lies between two steps, each [batch, H]: h, and for LSTM c. */
export type CellState = readonly string[];

/** One step of a cell, with the weights of one direction bound. */
export interface Cell {
  /** Where the recurrence has a bias that cannot be added to that of the input beforehand. */
  readonly keepsBias?: boolean;
  /** `projected`: x·Wᵀ + b, [batch, gates·H]. */
  readonly step: (projected: string, state: CellState) => CellState;
}

/** A kind of cell: the formulas and the order of the gates are those of LSTM, GRU and RNN at https://onnx.ai/onnx/operators. */
export interface CellKind {
  readonly op: string;
  readonly gates: number;
  /** The inputs that hold the state before the first step. */
  readonly states: readonly number[];
  /** The activations covered, a list for each choice. */
  readonly activations: readonly (readonly string[])[];
  readonly attributes: readonly string[];
  /** @param recurrent R, [gates·H, H] @param bias its bias, [gates·H] or '' */
  readonly cell: (c: LoweringContext, recurrent: string, bias: string, size: number) => Cell;
}

/** x·Wᵀ + b */
export const linear = (c: LoweringContext, x: string, weight: string, bias: string): string =>
  c.op('Gemm', bias === '' ? [x, weight] : [x, weight, bias], { transB: 1 });

const split = (c: LoweringContext, x: string, sizes: readonly number[], axis = 1): [string, string, string] =>
  c.ops('Split', [x, c.list(sizes)], sizes.length, { axis }) as [string, string, string];

export const cellKinds: readonly CellKind[] = [
  {
    op: 'LSTM',
    gates: 4,
    states: [5, 6],
    activations: [['Sigmoid', 'Tanh', 'Tanh']],
    attributes: ['input_forget'],
    // i, o, f, g = σ, σ, σ, tanh of x·Wᵀ + h·Rᵀ + b; c ← f·c + i·g; h ← o·tanh c
    cell: (c, recurrent, _, size) => ({
      step(projected, [h, cell]) {
        const [gates, candidate] = split(c, linear(c, h as string, recurrent, projected), [3 * size, size]);
        const [i, o, f] = split(c, c.op('Sigmoid', [gates]), [size, size, size]);
        const next = add(c, mul(c, f, cell as string), mul(c, i, c.op('Tanh', [candidate])));
        return [mul(c, o, c.op('Tanh', [next])), next];
      },
    }),
  },
  {
    op: 'GRU',
    gates: 3,
    states: [5],
    activations: [['Sigmoid', 'Tanh']],
    attributes: ['linear_before_reset'],
    // z, r = σ of x·Wᵀ + h·Rᵀ + b; n = tanh(x·Wᵀ + (r·h)·Rᵀ + b), or with linear_before_reset tanh(x·Wᵀ + b + r·(h·Rᵀ + b'));
    // h ← (1 − z)·n + z·h
    cell(c, recurrent, bias, size) {
      const keepsBias = c.int('linear_before_reset', 0) !== 0;
      const sizes = [2 * size, size];
      const [ofGates, ofCandidate] = keepsBias ? [recurrent, ''] : split(c, recurrent, sizes, 0);
      return {
        keepsBias,
        step(projected, state) {
          const [h] = state as [string];
          const [xGates, xCandidate] = split(c, projected, sizes);
          const [hGates, hCandidate] = keepsBias ? split(c, linear(c, h, recurrent, bias), sizes) : [];
          const gates = hGates === undefined ? linear(c, h, ofGates, xGates) : add(c, xGates, hGates);
          const [z, r] = split(c, c.op('Sigmoid', [gates]), [size, size]);
          const inner =
            hCandidate === undefined
              ? linear(c, mul(c, r, h), ofCandidate, xCandidate)
              : add(c, xCandidate, mul(c, r, hCandidate));
          const n = c.op('Tanh', [inner]);
          return [add(c, n, mul(c, z, sub(c, h, n)))];
        },
      };
    },
  },
  {
    op: 'RNN',
    gates: 1,
    states: [5],
    activations: [['Tanh'], ['Relu']],
    attributes: [],
    // h ← f(x·Wᵀ + h·Rᵀ + b)
    cell(c, recurrent) {
      const activation = c.texts('activations')?.[0] ?? 'Tanh';
      return { step: (projected, [h]) => [c.op(activation, [linear(c, h as string, recurrent, projected)])] };
    },
  },
];
