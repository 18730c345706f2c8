import { sizeOf } from '@anneal/onnx';
import type { Tensor } from '@tensorflow/tfjs-core';
import { expandTo, takeElements, withGradient } from './differentiable.ts';
import { affineMap, broadcastDims, broadcastMap, indexMap, stridesOf, taken } from './indices.ts';
import type { HostResult, Operator, OperatorContext } from './operator.ts';
import { isFixed } from './shapes.ts';

/** Where each element of a result comes from in the input; −1: from nowhere, it is the fill. */
interface Move {
  readonly dims: readonly number[];
  readonly map: Int32Array;
}

/** An operator that only moves elements: by its map on the host, on the device by one function where there is one. */
const moving = (
  op: string,
  attributes: readonly string[],
  move: (c: OperatorContext) => Move,
  options: {
    readonly fill?: (c: OperatorContext) => number;
    readonly device?: (c: OperatorContext, x: Tensor) => Tensor | undefined;
  } = {},
): Operator => ({
  op,
  attributes,
  inputs: [0],
  host(c) {
    const { dims, map } = move(c);
    return { dims, data: taken(c.host(0).data, map, options.fill?.(c)) };
  },
  device(c) {
    const x = c.tensor(0);
    const direct = options.device?.(c, x);
    if (direct !== undefined) return direct;
    const make = (): Move => move(c);
    const others = Array.from({ length: c.count - 1 }, (_, i) => i + 1).filter((i) => c.has(i));
    const { dims, map } = others.every((i) => isFixed(c, i)) ? c.once('move', make) : make();
    if (map.includes(-1)) return c.refuse('in a form that fills places');
    const at = { type: 'int32', dims: [map.length], data: map, fixed: false } as const;
    return takeElements(c.tf, x, c.upload(at), dims);
  },
});

function transposed(c: OperatorContext): Move {
  const dims = c.dims(0);
  const order = c.ints('perm') ?? dims.map((_, i) => dims.length - 1 - i);
  const strides = stridesOf(dims);
  const result = order.map((axis) => dims[axis] as number);
  return {
    dims: result,
    map: affineMap(
      result,
      0,
      order.map((axis) => strides[axis] as number),
    ),
  };
}

interface Slice {
  readonly starts: number[];
  readonly steps: number[];
  readonly dims: number[];
}

/** The bounds, brought into the shape as NumPy does. */
function sliceOf(c: OperatorContext): Slice {
  const own = c.dims(0);
  const [starts, ends] = [c.list(1) ?? [], c.list(2) ?? []];
  const axes = c.list(3) ?? starts.map((_, i) => i);
  const steps = c.list(4) ?? starts.map(() => 1);
  const slice: Slice = { starts: own.map(() => 0), steps: own.map(() => 1), dims: [...own] };
  axes.forEach((given, i) => {
    const axis = c.axisOf(given, own.length);
    const [dim, step] = [own[axis] as number, steps[i] as number];
    const inside = (x: number): number => {
      const from = x < 0 ? x + dim : x;
      return step > 0 ? Math.min(Math.max(from, 0), dim) : Math.min(Math.max(from, -1), dim - 1);
    };
    const start = inside(starts[i] as number);
    slice.starts[axis] = start;
    slice.steps[axis] = step;
    slice.dims[axis] = Math.max(0, Math.ceil((inside(ends[i] as number) - start) / step));
  });
  return slice;
}

function sliced(c: OperatorContext): Move {
  const { starts, steps, dims } = sliceOf(c);
  const strides = stridesOf(c.dims(0));
  const start = starts.reduce((at, from, axis) => at + from * (strides[axis] as number), 0);
  return {
    dims,
    map: affineMap(
      dims,
      start,
      steps.map((step, axis) => step * (strides[axis] as number)),
    ),
  };
}

/** The pads before and after each axis. */
function padsOf(c: OperatorContext): { readonly before: number[]; readonly after: number[] } {
  const rank = c.dims(0).length;
  const pads = c.list(1) ?? [];
  const axes = c.list(3)?.map((axis) => c.axisOf(axis, rank)) ?? c.dims(0).map((_, i) => i);
  const [before, after] = [Array<number>(rank).fill(0), Array<number>(rank).fill(0)];
  axes.forEach((axis, i) => {
    before[axis] = pads[i] as number;
    after[axis] = pads[axes.length + i] as number;
  });
  return { before, after };
}

/** Where a place before or behind an axis of n elements reads, −1 for nowhere. */
const modes: Readonly<Record<string, (at: number, n: number) => number>> = {
  constant: (at, n) => (at >= 0 && at < n ? at : -1),
  edge: (at, n) => Math.min(Math.max(at, 0), n - 1),
  wrap: (at, n) => ((at % n) + n) % n,
  reflect(at, n) {
    if (n === 1) return 0;
    const period = 2 * (n - 1);
    const within = ((at % period) + period) % period;
    return within < n ? within : period - within;
  },
};

function padded(c: OperatorContext): Move {
  const own = c.dims(0);
  const { before, after } = padsOf(c);
  const dims = own.map((dim, i) => dim + (before[i] as number) + (after[i] as number));
  const mode = c.text('mode', 'constant');
  const read = Object.hasOwn(modes, mode)
    ? (modes[mode] as (at: number, n: number) => number)
    : c.refuse(`in the mode "${mode}"`);
  const strides = stridesOf(own);
  const map = indexMap(dims, (index) => {
    let from = 0;
    for (let axis = 0; axis < index.length; axis += 1) {
      const at = read((index[axis] as number) - (before[axis] as number), own[axis] as number);
      if (at < 0) return -1;
      from += at * (strides[axis] as number);
    }
    return from;
  });
  return { dims, map };
}

/** Negative pads cut; the rest is filled with one number. */
function padConstant(c: OperatorContext, x: Tensor): Tensor | undefined {
  if (c.text('mode', 'constant') !== 'constant') return undefined;
  const { before, after } = padsOf(c);
  const begin = before.map((pad) => Math.max(-pad, 0));
  const size = x.shape.map((dim, i) => dim - (begin[i] as number) - Math.max(-(after[i] as number), 0));
  const kept = size.join() === x.shape.join() ? x : c.tf.slice(x, begin, size);
  return c.tf.pad(
    kept,
    before.map((pad, i): [number, number] => [Math.max(pad, 0), Math.max(after[i] as number, 0)]),
    c.scalar(2, 0),
  );
}

function expanded(c: OperatorContext): number[] {
  return (
    broadcastDims([c.dims(0), c.list(1) ?? []]) ?? c.refuse(`from [${c.dims(0).join()}] to [${c.list(1)?.join()}]`)
  );
}

function tiled(c: OperatorContext): Move {
  const own = c.dims(0);
  const dims = own.map((dim, i) => dim * (c.list(1)?.[i] ?? 1));
  const strides = stridesOf(own);
  return {
    dims,
    map: indexMap(dims, (index) =>
      index.reduce((at, x, i) => at + (x % (own[i] as number)) * (strides[i] as number), 0),
    ),
  };
}

/** [N, C, H·b, W·b] from [N, b², C, H, W] in the order of the mode; the way back for SpaceToDepth. */
function blocks(
  c: OperatorContext,
  deeper: boolean,
): { readonly split: number[]; readonly order: number[]; readonly dims: number[] } {
  const [n, channels, height, width] = c.dims(0) as [number, number, number, number];
  const b = c.int('blocksize', 1);
  if (deeper)
    return {
      split: [n, channels, height / b, b, width / b, b],
      order: [0, 3, 5, 1, 2, 4],
      dims: [n, channels * b * b, height / b, width / b],
    };
  const depth = channels / (b * b);
  const dims = [n, depth, height * b, width * b];
  return c.text('mode', 'DCR') === 'DCR'
    ? { split: [n, b, b, depth, height, width], order: [0, 3, 4, 1, 5, 2], dims }
    : { split: [n, depth, b, b, height, width], order: [0, 1, 4, 2, 5, 3], dims };
}

const blocked = (op: string, attributes: readonly string[], deeper: boolean): Operator => ({
  op,
  attributes,
  device(c) {
    const { split, order, dims } = blocks(c, deeper);
    return c.tf.reshape(c.tf.transpose(c.tf.reshape(c.tensor(0), split), order), dims);
  },
});

/** The sizes of the parts, and the axis. */
function partsOf(c: OperatorContext): { readonly axis: number; readonly sizes: readonly number[] } {
  const axis = c.axis('axis', 0);
  const dim = c.dims(0)[axis] as number;
  const given = c.list(1);
  if (given !== undefined) return { axis, sizes: given };
  const count = c.int('num_outputs', c.node.outputs.length);
  const each = Math.ceil(dim / count);
  return { axis, sizes: Array.from({ length: count }, (_, i) => Math.min(each, dim - i * each)) };
}

function concatOnHost(c: OperatorContext): HostResult {
  const axis = c.axis('axis', 0);
  const inputs = Array.from({ length: c.count }, (_, i) => c.host(i));
  const first = c.dims(0);
  const dims = first.map((dim, i) =>
    i === axis ? inputs.reduce((sum, input) => sum + (input.dims[i] as number), 0) : dim,
  );
  const data = new Float64Array(sizeOf(dims));
  const outer = sizeOf(first.slice(0, axis));
  let at = 0;
  for (let row = 0; row < outer; row += 1)
    for (const input of inputs) {
      const width = input.data.length / outer;
      data.set(input.data.subarray(row * width, (row + 1) * width), at);
      at += width;
    }
  return { dims, data };
}

/** Sums from one end of an axis to each place. */
function sumUpTo(c: OperatorContext): HostResult {
  const { dims, data } = c.host(0);
  const axis = c.axisOf(c.scalar(1, 0), dims.length);
  const [exclusive, reverse] = [c.int('exclusive', 0) !== 0, c.int('reverse', 0) !== 0];
  const [length, stride] = [dims[axis] as number, stridesOf(dims)[axis] as number];
  const result = new Float64Array(data.length);
  for (let start = 0; start < data.length; start += 1) {
    if (Math.floor(start / stride) % length !== 0) continue;
    let sum = 0;
    for (let i = 0; i < length; i += 1) {
      const at = start + (reverse ? length - 1 - i : i) * stride;
      const next = sum + (data[at] as number);
      result[at] = exclusive ? sum : next;
      sum = next;
    }
  }
  return { dims, data: result };
}

/** The upper or lower triangle of each matrix, from a diagonal on. */
const inTriangle = (c: OperatorContext): Int32Array => {
  const dims = c.dims(0);
  const [k, upper] = [c.scalar(1, 0), c.int('upper', 1) !== 0];
  const strides = stridesOf(dims);
  return indexMap(dims, (index) => {
    const [row, column] = index.slice(-2) as [number, number];
    const kept = upper ? column - row >= k : column - row <= k;
    return kept ? index.reduce((at, x, i) => at + x * (strides[i] as number), 0) : -1;
  });
};

/** Operators that take elements from elsewhere, or put them together. */
export const moveOperators: readonly Operator[] = [
  moving('Transpose', ['perm'], transposed, {
    device: (c, x) => c.tf.transpose(x, [...(c.ints('perm') ?? x.shape.map((_, i) => x.rank - 1 - i))]),
  }),
  moving('Slice', [], sliced, {
    device(c, x) {
      const { starts, steps, dims } = sliceOf(c);
      return steps.every((step) => step === 1) ? c.tf.slice(x, starts, dims) : undefined;
    },
  }),
  moving('Pad', ['mode'], padded, { fill: (c) => c.scalar(2, 0), device: padConstant }),
  moving('Expand', [], (c) => ({ dims: expanded(c), map: broadcastMap(expanded(c), c.dims(0)) }), {
    device: (c, x) => {
      const dims = expanded(c);
      return dims.join() === x.shape.join() ? c.tf.clone(x) : expandTo(c.tf, x, dims);
    },
  }),
  moving('Tile', [], tiled, {
    device(c, x) {
      const { tf } = c;
      const repeats = [...(c.list(1) ?? [])];
      if (x.dtype !== 'float32') return tf.tile(x, repeats);
      return withGradient(
        tf,
        [x],
        [],
        ([v]) => tf.tile(v as Tensor, repeats),
        (dy) => {
          // [r·d] is [r, d], summed over r
          const split = x.shape.flatMap((dim, i) => [repeats[i] as number, dim]);
          return [
            tf.sum(
              tf.reshape(dy, split),
              x.shape.map((_, i) => 2 * i),
            ),
          ];
        },
      );
    },
  }),
  {
    op: 'Trilu',
    attributes: ['upper'],
    inputs: [0],
    host: (c) => ({ dims: c.dims(0), data: taken(c.host(0).data, inTriangle(c)) }),
    device(c) {
      const mask = c.constant(
        'triangle',
        c.dims(0),
        () => Uint8Array.from(inTriangle(c), (at) => (at < 0 ? 0 : 1)),
        'bool',
      );
      return c.tf.where(mask, c.tensor(0), c.tf.zerosLike(c.tensor(0)));
    },
  },
  {
    op: 'Concat',
    attributes: ['axis'],
    host: concatOnHost,
    device: (c) =>
      c.tf.concat(
        Array.from({ length: c.count }, (_, i) => c.tensor(i)),
        c.axis('axis', 0),
      ),
  },
  {
    op: 'Split',
    attributes: ['axis', 'num_outputs'],
    inputs: [0],
    host(c) {
      const { axis, sizes } = partsOf(c);
      const { dims, data } = c.host(0);
      const strides = stridesOf(dims);
      let from = 0;
      return sizes.map((size): HostResult => {
        const part = dims.map((dim, i) => (i === axis ? size : dim));
        const map = affineMap(part, from * (strides[axis] as number), strides);
        from += size;
        return { dims: part, data: taken(data, map) };
      });
    },
    device(c) {
      const { axis, sizes } = partsOf(c);
      return sizes.length === 1 ? [c.tf.clone(c.tensor(0))] : c.tf.split(c.tensor(0), [...sizes], axis);
    },
  },
  {
    op: 'CumSum',
    attributes: ['exclusive', 'reverse'],
    inputs: [0],
    host: sumUpTo,
    device(c) {
      const { tf } = c;
      const axis = c.axisOf(c.scalar(1, 0), c.dims(0).length);
      const [exclusive, reverse] = [c.int('exclusive', 0) !== 0, c.int('reverse', 0) !== 0];
      // What an element was added to lies on its other side; the gradient of TensorFlow.js leaves the axes in another order.
      return withGradient(
        tf,
        [c.float(0)],
        [],
        ([x]) => tf.cumsum(x as Tensor, axis, exclusive, reverse),
        (dy) => [tf.cumsum(dy, axis, exclusive, !reverse)],
      );
    },
  },
  blocked('DepthToSpace', ['blocksize', 'mode'], false),
  blocked('SpaceToDepth', ['blocksize'], true),
];
