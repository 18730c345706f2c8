import type { AttributeInput } from '@anneal/onnx';
import { caseValues, positive, type CaseInput, type RuleCase } from './ruleCase.ts';

/** Between −1 and 1: sums over a layer stay where σ and tanh bend. */
const small = (...dims: number[]): CaseInput => {
  const count = dims.reduce((a, b) => a * b, 1);
  return { dims, values: caseValues(count, count).map((value) => value / 2) };
};

const strings = (...value: string[]): AttributeInput => ({ kind: 'strings', value });

const gates = { LSTM: 4, GRU: 3, RNN: 1 };

interface Form {
  readonly attributes?: Readonly<Record<string, AttributeInput>>;
  readonly bias?: boolean;
  /** Whether the first states are given. */
  readonly initial?: boolean;
  readonly directions?: 1 | 2;
  /** Outputs that enter the loss. */
  readonly used?: readonly number[];
  readonly make?: (...dims: number[]) => CaseInput;
}

/** A layer of two units over three steps of a batch of two. */
function layer(op: keyof typeof gates, form: Form = {}): RuleCase {
  const { attributes = {}, bias = true, initial = true, directions = 1, used = [0], make = small } = form;
  const [length, batch, width, size] = [3, 2, 2, 2];
  const rows = gates[op] * size;
  const state = (): CaseInput => (initial ? make(directions, batch, size) : undefined);
  const shape = [
    make(directions, rows, width),
    make(directions, rows, size),
    bias ? make(directions, 2 * rows) : undefined,
  ];
  return {
    op,
    note: `outputs ${used.join()}${bias ? '' : ', no bias'}`,
    inputs: [make(length, batch, width), ...shape, undefined, state(), ...(op === 'LSTM' ? [state()] : [])],
    attributes: { hidden_size: size, ...attributes },
    outputs: op === 'LSTM' ? 3 : 2,
    used,
  };
}

export const recurrentCases: readonly RuleCase[] = [
  ...(['LSTM', 'GRU', 'RNN'] as const).flatMap((op) => [
    layer(op),
    layer(op, { bias: false, initial: false, used: op === 'LSTM' ? [1, 2] : [0, 1] }),
    layer(op, { attributes: { direction: 'reverse', layout: 0 }, used: [1] }),
    layer(op, { attributes: { direction: 'bidirectional' }, directions: 2, used: op === 'LSTM' ? [0, 2] : [0, 1] }),
  ]),
  layer('LSTM', { attributes: { input_forget: 0, activations: strings('Sigmoid', 'Tanh', 'Tanh') }, used: [0, 1, 2] }),
  layer('GRU', { attributes: { linear_before_reset: 1, activations: strings('Sigmoid', 'Tanh') } }),
  layer('GRU', { attributes: { linear_before_reset: 1, direction: 'bidirectional' }, bias: false, directions: 2 }),
  // Positive throughout, away from the corner.
  layer('RNN', { attributes: { activations: strings('Relu') }, make: positive }),
];
