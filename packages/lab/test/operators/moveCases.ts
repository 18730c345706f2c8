import { float32, int64, type Tensor } from '@anneal/onnx';
import * as fc from 'fast-check';
import { axisOf, dims, floats, indices, list, some, without, type CaseTable, type Cases } from './operatorCase.ts';

const slice: Cases = dims(1, 4, 6).chain((shape) =>
  fc
    .tuple(
      floats(shape),
      fc.uniqueArray(axisOf(shape.length), { selector: (axis) => (axis + shape.length) % shape.length, minLength: 1 }),
      fc.integer(),
      fc.boolean(),
    )
    .map(([x, axes, pick, steps]) => {
      let seed = pick;
      const next = (n: number): number => {
        seed = (Math.imul(seed, 1103515245) + 12345) | 0;
        return (seed >>> 8) % n;
      };
      const parts = axes.map((axis) => {
        const dim = shape.at(axis) as number;
        const step = steps ? (next(2) ? 1 + next(2) : -1 - next(2)) : 1;
        const [a, b] = [next(dim), next(dim)];
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const ends = next(2) ? [high + 1, low - 1 - dim] : [2 ** 40, -(2 ** 40)];
        return step > 0 ? [next(2) ? low : low - dim, ends[0] as number, step] : [high, ends[1] as number, step];
      });
      const column = (k: number): Tensor => list(parts.map((part) => part[k] as number));
      return { op: 'Slice', inputs: [x, column(0), column(1), list(axes), ...(steps ? [column(2)] : [])] };
    }),
);

const pad: Cases = fc
  .tuple(
    dims(1, 4, 4),
    fc.constantFrom(undefined, 'constant', 'reflect', 'edge', 'wrap'),
    fc.boolean(),
    fc.integer({ min: -1, max: 2 }),
  )
  .chain(([shape, mode, some, base]) => {
    const rank = shape.length;
    const count = some ? 1 : rank;
    const room = shape.slice(0, count);
    const constant = mode === undefined || mode === 'constant';
    const width = (dim: number): fc.Arbitrary<number> =>
      fc
        .integer(constant ? { min: Math.min(base, 2), max: 2 } : { min: 0, max: Math.min(2, dim - 1) })
        .map((w) => (w < 0 && dim < 3 ? 0 : w));
    return fc
      .tuple(floats(shape), fc.tuple(...[...room, ...room].map(width)), fc.boolean())
      .map(([x, pads, value]) => ({
        op: 'Pad',
        inputs: [x, list(pads), value ? float32([], [3]) : undefined, ...(some ? [list([-rank])] : [])],
        attributes: without({ mode }),
        opset: 19,
      }));
  });

const expand: Cases = fc
  .tuple(dims(0, 3, 3), fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), dims(0, 2, 3))
  .chain(([shape, ones, ahead]) =>
    floats(shape.map((dim, i) => (ones[i] === true ? 1 : dim))).map((x) => ({
      op: 'Expand',
      inputs: [x, list([...ahead, ...shape])],
    })),
  );

const gather = (axisGiven: boolean): Cases =>
  dims(1, 4).chain((shape) =>
    fc
      .tuple(floats(shape), axisGiven ? axisOf(shape.length) : fc.constant(0), dims(0, 2))
      .chain(([x, axis, shapeOfIndices]) =>
        indices(shapeOfIndices, shape.at(axis) as number).map((at) => ({
          op: 'Gather',
          inputs: [x, at],
          attributes: axisGiven ? { axis } : {},
        })),
      ),
  );

const elements: Cases = dims(1, 3).chain((shape) =>
  fc.tuple(floats(shape), axisOf(shape.length), fc.integer({ min: 1, max: 3 })).chain(([x, axis, count]) => {
    const own = shape.map((dim, i) => (i === (axis + shape.length) % shape.length ? count : dim));
    return indices(own, shape.at(axis) as number).map((at) => ({
      op: 'GatherElements',
      inputs: [x, at],
      attributes: { axis },
    }));
  }),
);

/** Rows of indices of some depth, all within the smallest axis that they name. */
const depthOf = (shape: readonly number[]): fc.Arbitrary<number> => fc.integer({ min: 1, max: shape.length });
const gatherND: Cases = dims(1, 3).chain((shape) =>
  fc.tuple(floats(shape), depthOf(shape), dims(0, 2, 3), some(fc.constant(0))).chain(([x, depth, lead, batch_dims]) =>
    indices([...lead, depth], Math.min(...shape.slice(0, depth))).map((at) => ({
      op: 'GatherND',
      inputs: [x, 'fed' in at ? { fed: wide(at.fed) } : wide(at)],
      attributes: without({ batch_dims }),
    })),
  ),
);
const wide = ({ dims: shape, data }: Tensor): Tensor =>
  int64(shape, Array.from(data as ArrayLike<number | bigint>, Number));

/** Without a reduction each place is written once. */
const scatterElements: Cases = dims(1, 3).chain((shape) =>
  fc
    .tuple(floats(shape), axisOf(shape.length), fc.boolean(), fc.integer({ min: 1, max: 3 }))
    .chain(([x, axis, add, count]) => {
      const at = (axis + shape.length) % shape.length;
      const size = shape[at] as number;
      const own = shape.map((dim, i) => (i === at ? (add ? count : 1) : dim));
      return fc.tuple(indices(own, size), floats(own)).map(([places, updates]) => ({
        op: 'ScatterElements',
        inputs: [x, places, updates],
        attributes: add ? { axis, reduction: 'add' } : { axis },
      }));
    }),
);
const scatterND: Cases = dims(1, 3).chain((shape) =>
  fc
    .tuple(floats(shape), fc.boolean(), fc.shuffledSubarray([...Array(shape[0]).keys()], { minLength: 1 }))
    .chain(([x, add, rows]) => {
      const own = add ? [...rows, rows[0] as number] : rows;
      return floats([own.length, ...shape.slice(1)]).map((updates) => ({
        op: 'ScatterND',
        inputs: [x, int64([own.length, 1], own), updates],
        attributes: add ? { reduction: 'add' } : {},
      }));
    }),
);

const split: Cases = dims(1, 3, 6).chain((shape) =>
  fc.tuple(floats(shape), axisOf(shape.length), fc.boolean()).map(([x, axis, even]) => {
    const dim = shape.at(axis) as number;
    const first = Math.max(1, dim - 2);
    const sizes = dim > first ? [first, dim - first] : [dim];
    if (!even || dim === 1)
      return { op: 'Split', inputs: [x, list(sizes)], attributes: { axis }, outputs: sizes.length };
    return { op: 'Split', inputs: [x], attributes: { axis, num_outputs: 2 }, outputs: 2 };
  }),
);

const oneHot: Cases = fc
  .tuple(dims(1, 2), fc.integer({ min: 2, max: 4 }), fc.boolean())
  .chain(([shape, depth, valued]) =>
    fc.tuple(indices(shape, depth), axisOf(shape.length + 1)).map(([at, axis]) => ({
      op: 'OneHot',
      // onnxruntime has a kernel for int64 alone.
      inputs: [
        'fed' in at ? { fed: wide(at.fed) } : wide(at),
        int64([], [depth]),
        float32([2], valued ? [0.25, 2] : [0, 1]),
      ],
      attributes: { axis },
      forwardAlone: true,
    })),
  );

const blocks = fc.tuple(
  fc.integer({ min: 1, max: 2 }),
  fc.integer({ min: 1, max: 2 }),
  fc.integer({ min: 1, max: 2 }),
  fc.integer({ min: 1, max: 2 }),
  fc.constantFrom(2, 3),
);

/** Operators that move elements. */
export const moveCases: CaseTable = {
  Reshape: dims(1, 4).chain((shape) =>
    fc.tuple(floats(shape), fc.integer({ min: 0, max: 3 })).map(([x, form]) => {
      const size = shape.reduce((a, b) => a * b, 1);
      const to = [[-1], [0, -1], [1, size, 1], shape.toReversed()][form] as number[];
      return { op: 'Reshape', inputs: [x, list(to)], attributes: form === 3 ? { allowzero: 1 } : {} };
    }),
  ),
  Flatten: dims(1, 4).chain((shape) =>
    fc
      .tuple(floats(shape), some(fc.integer({ min: -shape.length, max: shape.length })))
      .map(([x, axis]) => ({ op: 'Flatten', inputs: [x], attributes: without({ axis }) })),
  ),
  Squeeze: dims(1, 3).chain((shape) =>
    fc
      .tuple(floats([1, ...shape, 1]), fc.integer({ min: 0, max: 2 }))
      .map(([x, form]) => ({ op: 'Squeeze', inputs: [[x], [x, list([0])], [x, list([-1, 0])]][form] as never })),
  ),
  Unsqueeze: dims(0, 3).chain((shape) =>
    fc
      .tuple(floats(shape), fc.boolean())
      .map(([x, two]) => ({ op: 'Unsqueeze', inputs: [x, list(two ? [0, -1] : [shape.length])] })),
  ),
  Transpose: dims(1, 5, 3).chain((shape) =>
    fc
      .tuple(floats(shape), some(fc.shuffledSubarray([...shape.keys()], { minLength: shape.length })))
      .map(([x, perm]) => ({ op: 'Transpose', inputs: [x], attributes: without({ perm }) })),
  ),
  Slice: slice,
  Pad: pad,
  Expand: expand,
  Tile: dims(1, 4, 3).chain((shape) =>
    fc
      .tuple(
        floats(shape),
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: shape.length, maxLength: shape.length }),
      )
      .map(([x, repeats]) => ({ op: 'Tile', inputs: [x, list(repeats)] })),
  ),
  Concat: dims(1, 4, 3).chain((shape) =>
    axisOf(shape.length).chain((axis) => {
      const other = shape.map((dim, i) => (i === (axis + shape.length) % shape.length ? 2 : dim));
      return fc
        .tuple(floats(shape), floats(other), floats(shape))
        .map((inputs) => ({ op: 'Concat', inputs, attributes: { axis } }));
    }),
  ),
  Split: split,
  Gather: fc.boolean().chain(gather),
  GatherElements: elements,
  GatherND: gatherND,
  ScatterElements: scatterElements,
  ScatterND: scatterND,
  OneHot: oneHot,
  Trilu: dims(2, 4).chain((shape) =>
    fc
      .tuple(floats(shape), some(fc.integer({ min: -2, max: 2 })), some(fc.constantFrom(0, 1)))
      .map(([x, k, upper]) => ({
        op: 'Trilu',
        inputs: k === undefined ? [x] : [x, int64([], [k])],
        attributes: without({ upper }),
      })),
  ),
  SpaceToDepth: blocks.chain(([n, c, h, w, blocksize]) =>
    floats([n, c, h * blocksize, w * blocksize]).map((x) => ({
      op: 'SpaceToDepth',
      inputs: [x],
      attributes: { blocksize },
    })),
  ),
  DepthToSpace: fc.tuple(blocks, some(fc.constantFrom('DCR', 'CRD'))).chain(([[n, c, h, w, blocksize], mode]) =>
    floats([n, c * blocksize ** 2, h, w]).map((x) => ({
      op: 'DepthToSpace',
      inputs: [x],
      attributes: without({ blocksize, mode }),
    })),
  ),
  Cast: dims(0, 3).chain((shape) =>
    fc.tuple(floats(shape), fc.constantFrom(1, 9, 6), fc.boolean()).map(([x, to, whole]) => ({
      op: 'Cast',
      inputs: [
        whole
          ? {
              fed: int64(
                shape,
                x.values.map((v) => Math.round(4 * v)),
              ),
            }
          : x,
      ],
      attributes: without({ to, saturate: to === 1 ? 1 : undefined }),
      opset: 19,
      forwardAlone: whole || to !== 1,
    })),
  ),
  CastLike: dims(0, 3).chain((shape) =>
    fc.tuple(floats(shape), fc.boolean()).map(([x, saturate]) => ({
      op: 'CastLike',
      inputs: [x, float32([1], [0])],
      attributes: saturate ? { saturate: 1 } : {},
      opset: 19,
    })),
  ),
  Shape: dims(1, 4).chain((shape) =>
    fc.tuple(floats(shape), some(axisOf(shape.length)), some(axisOf(shape.length))).map(([x, start, end]) => ({
      op: 'Shape',
      inputs: [x],
      attributes: without({ start, end }),
      forwardAlone: true,
    })),
  ),
  Size: dims(0, 4)
    .chain(floats)
    .map((x) => ({ op: 'Size', inputs: [x], forwardAlone: true })),
  ConstantOfShape: fc.tuple(dims(0, 3), fc.boolean()).map(([shape, valued]) => ({
    op: 'ConstantOfShape',
    inputs: [list(shape)],
    attributes: valued ? { value: int64([1], [7]) } : {},
    forwardAlone: true,
  })),
  Range: fc
    .tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 3 }))
    .map(([start, length, step]) => ({
      op: 'Range',
      inputs: [start, start + length, step].map((value) => int64([], [value])),
      forwardAlone: true,
    })),
};
