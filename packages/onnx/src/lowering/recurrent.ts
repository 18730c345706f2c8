import { add, reshape, zeros } from '../graph/arithmetic.ts';
import { isReached, type Lowering, type LoweringContext } from './lowering.ts';
import { cellKinds, linear, type CellKind, type CellState } from './recurrentCells.ts';

/** Each step of an unrolled sequence is some ten nodes, and as many again in the backward pass. */
const longest = 4096;

/** The parts of a value along its first axis, each of the shape `dims`; of a value left out, parts left out. */
const parts = (c: LoweringContext, x: string, count: number, dims: readonly number[]): string[] =>
  x === ''
    ? Array<string>(count).fill('')
    : c
        .ops('Split', [x, c.list(Array<number>(count).fill(1))], count, { axis: 0 })
        .map((part) => reshape(c, part, dims));

const concat = (c: LoweringContext, values: readonly string[], axis: number): string =>
  values.length === 1 ? (values[0] as string) : c.op('Concat', values, { axis });

function checkForm(c: LoweringContext, choices: CellKind['activations']): void {
  if (c.input(4) !== '') c.refuse('sequences of different lengths (sequence_lens)');
  if (c.input(7) !== '') c.refuse('peepholes');
  if (c.int('layout', 0) !== 0) c.refuse('layout 1');
  if (c.node.attributes.has('input_forget') && c.int('input_forget', 0) !== 0) c.refuse('input_forget 1');
  const given = c.texts('activations') ?? [];
  if (!choices.some((names) => given.every((name, i) => name === names[i % names.length])))
    c.refuse(`the activations ${given.join(', ')}`);
}

/**
 * A recurrent operator, unrolled over its sequence, whose length is static: X [T, batch, I], W [directions, gates·H, I], R [directions, gates·H, H],
 * B [directions, 2·gates·H], states [directions, batch, H]; Y [T, directions, batch, H] and the last states.
 */
const unrolled = ({ op, gates, states, activations, attributes, cell }: CellKind): Lowering => ({
  op,
  attributes: ['activations', 'direction', 'hidden_size', 'layout', ...attributes],
  lower(c) {
    if (!isReached(c)) return undefined;
    checkForm(c, activations);
    const [length, batch, width] = c.dims(c.input(0)) as [number, number, number];
    const [directions, , size] = c.dims(c.input(2)) as [number, number, number];
    if (!(length >= 1 && length <= longest)) c.refuse(`a sequence of ${length} steps, which is not 1 to ${longest}`);
    const rows = gates * size;
    const perDirection = (input: number, dims: readonly number[]): string[] =>
      parts(c, c.input(input), directions, dims);
    const [weights, recurrences] = [perDirection(1, [rows, width]), perDirection(2, [rows, size])];
    const biases = perDirection(3, [2, rows]).map((bias) => parts(c, bias, 2, [rows]) as [string, string]);
    const zero = (): string => zeros(c, [batch, size]);
    const initial = states.map((input) => perDirection(input, [batch, size]));
    const flat = reshape(c, c.input(0), [length * batch, width]);

    const runs = weights.map((weight, direction) => {
      const [bias, recurrentBias] = biases[direction] as [string, string];
      const { step, keepsBias } = cell(c, recurrences[direction] as string, recurrentBias, size);
      const projected = linear(c, flat, weight, bias === '' || keepsBias ? bias : add(c, bias, recurrentBias));
      const perStep = parts(c, reshape(c, projected, [length, batch, rows]), length, [batch, rows]);
      const backward = direction === 1 || c.text('direction', 'forward') === 'reverse';
      let state: CellState = initial.map((values) => values[direction] || zero());
      const hidden: string[] = [];
      for (let i = 0; i < length; i++) {
        const t = backward ? length - 1 - i : i;
        state = step(perStep[t] as string, state);
        hidden[t] = state[0] as string;
      }
      return { sequence: reshape(c, concat(c, hidden, 0), [length, 1, batch, size]), state };
    });
    const ends = states.map((_, i) => runs.map(({ state }) => reshape(c, state[i] as string, [1, batch, size])));
    return [
      concat(
        c,
        runs.map(({ sequence }) => sequence),
        1,
      ),
      ...ends.map((values) => concat(c, values, 0)),
    ];
  },
});

/** LSTM, GRU and RNN. */
export const recurrentLowerings: readonly Lowering[] = cellKinds.map(unrolled);
