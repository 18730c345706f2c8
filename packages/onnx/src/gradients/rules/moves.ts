import { neg, reduceSum, reshape, zeros } from '../../graph/arithmetic.ts';
import { sizeOf } from '../../graph/tensor.ts';
import type { GradientContext, GradientRule } from '../gradientRule.ts';
import { unbroadcast } from '../unbroadcast.ts';

/** The elements of the input, numbered in their order, int64. */
const numbered = (c: GradientContext, dims: readonly number[]): string => {
  const [start, end, step] = [0, sizeOf(dims), 1].map((value) => c.op('Squeeze', [c.list([value])]));
  return reshape(c, c.op('Range', [start as string, end as string, step as string]), dims);
};

/** Adds dy into zeros of the input's shape, each element at the number that `numbers` holds at its place. */
export const scatterBack = (c: GradientContext, dy: string, numbers: string): string => {
  const dims = c.dims(c.input(0));
  const flat = (value: string): string => c.op('Reshape', [value, c.list([-1])]);
  const sum = c.op('ScatterElements', [zeros(c, [sizeOf(dims)]), flat(numbers), flat(dy)], {
    axis: 0,
    reduction: 'add',
  });
  return reshape(c, sum, dims);
};

/** For any operator that only moves elements: applied to their numbers, it tells where each came from. */
const moved = (c: GradientContext, dy: string, others: readonly string[] = c.node.inputs.slice(1)): string => {
  const numbers = c.op(c.node.op, [numbered(c, c.dims(c.input(0))), ...others], c.attributes);
  return scatterBack(c, dy, numbers);
};

const int64Values = (c: GradientContext, name: string): readonly number[] | undefined => {
  const data = c.constant(name)?.data;
  return data instanceof BigInt64Array || data instanceof Int32Array
    ? Array.from(data as ArrayLike<bigint | number>, Number)
    : undefined;
};

/** A slice with constant bounds and steps of 1 is undone by padding with zeros; undefined for any other. */
function padSlice(c: GradientContext, dy: string): string | undefined {
  const dims = c.dims(c.input(0));
  const starts = int64Values(c, c.input(1));
  const axes = c.input(3) === '' ? starts?.map((_, i) => i) : int64Values(c, c.input(3));
  const steps = c.input(4) === '' ? [] : int64Values(c, c.input(4));
  if (starts === undefined || axes === undefined || steps?.every((step) => step === 1) !== true) return undefined;
  const before = dims.map(() => 0);
  starts.forEach((start, i) => {
    const axis = ((axes[i] as number) + dims.length) % dims.length;
    const dim = dims[axis] as number;
    before[axis] = Math.min(Math.max(start < 0 ? start + dim : start, 0), dim);
  });
  const after = c.dims(c.output()).map((dim, i) => (dims[i] as number) - (before[i] as number) - dim);
  return c.op('Pad', [dy, c.list([...before, ...after])]);
}

/** Operators that take elements from elsewhere or put them together. */
export const moveRules: readonly GradientRule[] = [
  {
    op: 'SpaceToDepth',
    attributes: ['blocksize'],
    gradient: (c, dy) => [c.op('DepthToSpace', [dy], c.attributes)],
  },
  {
    op: 'DepthToSpace',
    attributes: ['blocksize', 'mode'],
    gradient(c, dy) {
      const block = c.int('blocksize', 1);
      if (c.text('mode', 'DCR') === 'DCR') return [c.op('SpaceToDepth', [dy], { blocksize: block })];
      const [n, channels, height, width] = c.dims(c.output()) as [number, number, number, number];
      const blocks = reshape(c, dy, [n, channels, height / block, block, width / block, block]);
      return [reshape(c, c.op('Transpose', [blocks], { perm: [0, 1, 3, 5, 2, 4] }), c.dims(c.input(0)))];
    },
  },
  { op: 'Slice', inputs: [0], gradient: (c, dy) => [padSlice(c, dy) ?? moved(c, dy)] },
  {
    op: 'Pad',
    attributes: ['mode'],
    inputs: [0],
    // Zeros are cut off by padding with the negative widths; repeated elements add up, and nothing reads a value to fill with.
    gradient: (c, dy) =>
      c.text('mode', 'constant') === 'constant'
        ? [c.op('Pad', [dy, neg(c, c.input(1)), '', c.input(3)].slice(0, c.input(3) === '' ? 2 : 4))]
        : [moved(c, dy, c.input(3) === '' ? [c.input(1)] : [c.input(1), '', c.input(3)])],
  },
  { op: 'Expand', inputs: [0], gradient: (c, dy) => [unbroadcast(c, dy, c.dims(c.output()), c.dims(c.input(0)))] },
  {
    op: 'Tile',
    inputs: [0],
    // [r·d] is [r, d], summed over r
    gradient(c, dy) {
      const dims = c.dims(c.input(0));
      const split = c.dims(c.output()).flatMap((out, i) => [out / (dims[i] as number), dims[i] as number]);
      return [
        reduceSum(
          c,
          reshape(c, dy, split),
          dims.map((_, i) => 2 * i),
          0,
        ),
      ];
    },
  },
  {
    op: 'Concat',
    attributes: ['axis'],
    gradient(c, dy) {
      const axis = c.int('axis', 0);
      const sizes = c.node.inputs.map((input) => c.dims(input).at(axis) as number);
      return c.ops('Split', [dy, c.list(sizes)], sizes.length, { axis });
    },
  },
  {
    op: 'Split',
    attributes: ['axis', 'num_outputs'],
    inputs: [0],
    gradient: (c) => [
      c.op(
        'Concat',
        c.node.outputs.map((output, i) => c.dy(i) ?? zeros(c, c.dims(output))),
        { axis: c.int('axis', 0) },
      ),
    ],
  },
  {
    op: 'Gather',
    attributes: ['axis'],
    inputs: [0],
    // With the gathered axis in front: rows of dy are added to the rows their indices name.
    gradient(c, dy) {
      const dims = c.dims(c.input(0));
      const axis = (c.int('axis', 0) + dims.length) % dims.length;
      const count = c.dims(c.input(1)).length;
      const rest = dims.filter((_, i) => i !== axis);
      const order = (from: number, length: number): number[] => Array.from({ length }, (_, i) => from + i);
      const rows =
        axis === 0
          ? dy
          : c.op('Transpose', [dy], {
              perm: [...order(axis, count), ...order(0, axis), ...order(axis + count, dims.length - 1 - axis)],
            });
      const indices = c.op('Unsqueeze', [c.op('Cast', [c.input(1)], { to: 7 }), c.list([-1])]);
      const sum = c.op('ScatterND', [zeros(c, [dims[axis] as number, ...rest]), indices, rows], { reduction: 'add' });
      return [
        axis === 0
          ? sum
          : c.op('Transpose', [sum], { perm: [...order(1, axis), 0, ...order(axis + 1, dims.length - 1 - axis)] }),
      ];
    },
  },
  {
    op: 'GatherElements',
    attributes: ['axis'],
    inputs: [0],
    gradient: (c, dy) => [
      c.op('ScatterElements', [zeros(c, c.dims(c.input(0))), c.input(1), dy], {
        axis: c.int('axis', 0),
        reduction: 'add',
      }),
    ],
  },
  {
    op: 'TopK',
    attributes: ['axis', 'largest', 'sorted'],
    inputs: [0],
    gradient: (c, dy) => [
      c.op('ScatterElements', [zeros(c, c.dims(c.input(0))), c.needOutput(1), dy], {
        axis: c.int('axis', -1),
        reduction: 'add',
      }),
    ],
  },
  {
    op: 'Trilu',
    attributes: ['upper'],
    inputs: [0],
    gradient: (c, dy) => [c.op('Trilu', [dy, c.input(1)].slice(0, c.node.inputs.length), c.attributes)],
  },
  {
    op: 'CumSum',
    attributes: ['exclusive', 'reverse'],
    inputs: [0],
    // What an element was added to lies on its other side.
    gradient: (c, dy) => [
      c.op('CumSum', [dy, c.input(1)], { exclusive: c.int('exclusive', 0), reverse: 1 - c.int('reverse', 0) }),
    ],
  },
  {
    op: 'Einsum',
    attributes: ['equation'],
    // Each operand's subscripts change places with the result's.
    gradient(c, dy) {
      const [terms, result] = c.text('equation', '').replaceAll(' ', '').split('->') as [string, string | undefined];
      const operands = terms.split(',');
      const repeats = operands.some((term) => new Set(term).size !== term.length);
      if (result === undefined || terms.includes('.') || repeats) {
        return c.refuse('an equation with "...", a repeated subscript, or no "->"');
      }
      return operands.map((own, i) => {
        if (!c.needs(i)) return undefined;
        const others = operands.filter((_, j) => j !== i);
        const elsewhere = result + others.join('');
        if (Array.from(own).some((letter) => !elsewhere.includes(letter)))
          c.refuse('a subscript summed over in one operand alone');
        const inputs = [dy, ...c.node.inputs.filter((_, j) => j !== i)];
        return c.op('Einsum', inputs, { equation: `${[result, ...others].join()}->${own}` });
      });
    },
  },
];
