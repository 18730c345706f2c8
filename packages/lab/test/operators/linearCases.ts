import { float, int64 } from '@anneal/onnx';
import * as fc from 'fast-check';
import {
  axisOf,
  dims,
  distinct,
  floats,
  indices,
  list,
  positive,
  some,
  without,
  type CaseTable,
  type Cases,
  type Floats,
} from './operatorCase.ts';

const bit = fc.constantFrom(0, 1);
const size = fc.integer({ min: 1, max: 4 });

/** Batch axes that are broadcast, and matrices or vectors behind them. */
const matMul: Cases = fc
  .tuple(dims(0, 2, 3), size, size, size, fc.integer({ min: 0, max: 6 }))
  .chain(([batch, m, k, n, form]) => {
    const ones = batch.map(() => 1);
    const forms: [number[], number[]][] = [
      [
        [...batch, m, k],
        [k, n],
      ],
      [
        [...batch, m, k],
        [...batch, k, n],
      ],
      [
        [m, k],
        [...batch, k, n],
      ],
      [
        [...ones, m, k],
        [...batch, k, n],
      ],
      [[k], [...batch, k, n]],
      [[...batch, m, k], [k]],
      [
        [...batch, m, k],
        [...ones, k, n],
      ],
    ];
    const [a, b] = forms[form] as [number[], number[]];
    return fc.tuple(floats(a), floats(b)).map((inputs) => ({ op: 'MatMul', inputs }));
  });

const gemm: Cases = fc
  .tuple(size, size, size, bit, bit, some(fc.integer({ min: 0, max: 3 })), some(size), some(size))
  .chain(([m, k, n, transA, transB, c, alpha, beta]) => {
    const shapes = [[n], [m, n], [m, 1], []];
    return fc
      .tuple(
        floats(transA ? [k, m] : [m, k]),
        floats(transB ? [n, k] : [k, n]),
        c === undefined ? fc.constant(undefined) : floats(shapes[c] as number[]),
      )
      .map((inputs) => ({
        op: 'Gemm',
        inputs,
        attributes: without({
          transA,
          transB,
          alpha: alpha === undefined ? undefined : float(alpha / 4),
          beta: beta === undefined ? undefined : float(beta / 2),
        }),
      }));
  });

const equations = [
  'ij,jk->ik',
  'bij,bjk->bik',
  'bhid,bhjd->bhij',
  'bhij,bhjd->bhid',
  'ij->ji',
  'bi,bj->bij',
  'i,i->i',
  'ij,j->i',
  'bi,oij,bj->bo',
  'nctw,vw->nctv',
  'ij,jk',
];
/** Sums that one operand alone has, which the rules of @anneal/onnx refuse, are in a test of their own. */
const einsum: Cases = fc.constantFrom(...equations).chain((equation) => {
  const terms = (equation.split('->')[0] as string).split(',');
  const letters = [...new Set(terms.join(''))];
  return fc
    .array(fc.integer({ min: 1, max: 3 }), { minLength: letters.length, maxLength: letters.length })
    .chain((sizes) =>
      fc
        .tuple(...terms.map((term) => floats(Array.from(term, (letter) => sizes[letters.indexOf(letter)] as number))))
        .map((inputs) => ({ op: 'Einsum', inputs, attributes: { equation } })),
    );
});

const reduce = (op: string, make = floats): Cases =>
  dims(1, 4, 3).chain((shape) =>
    fc
      .tuple(make(shape), some(fc.uniqueArray(fc.integer({ min: 0, max: shape.length - 1 }))), some(bit), some(bit))
      .map(([x, axes, keepdims, noop]) => ({
        op,
        inputs: axes === undefined ? [x] : [x, list(axes.map((axis, i) => (i % 2 ? axis - shape.length : axis)))],
        attributes: without({ keepdims, noop_with_empty_axes: noop }),
      })),
  );

const sparse = (shape: readonly number[]): fc.Arbitrary<Floats> =>
  fc.tuple(floats(shape), fc.boolean()).map(([x, zero]) => ({
    dims: x.dims,
    values: x.values.map((value) => (zero || Math.abs(value) > 1 ? 0 : value)),
  }));

const argument = (op: string): Cases =>
  dims(1, 3).chain((shape) =>
    fc
      .tuple(floats(shape), some(axisOf(shape.length)), some(bit), some(fc.constant(0)))
      .map(([x, axis, keepdims, select_last_index]) => ({
        op,
        inputs: [x],
        attributes: without({ axis, keepdims, select_last_index }),
        forwardAlone: true,
      })),
  );

const crossEntropy: Cases = fc
  .tuple(
    size,
    fc.integer({ min: 2, max: 4 }),
    dims(0, 2, 3),
    some(fc.constantFrom('mean', 'sum', 'none')),
    some(fc.constantFrom(1, -100)),
    bit,
  )
  .chain(([n, classes, rest, reduction, ignored, two]) =>
    fc.tuple(floats([n, classes, ...rest]), indices([n, ...rest], classes, false)).map(([x, labels]) => {
      // Where all labels are ignored the mean is 0/0.
      const all =
        ignored === 1 && [...('fed' in labels ? labels.fed : labels).data].every((label) => Number(label) === 1);
      return {
        op: 'SoftmaxCrossEntropyLoss',
        inputs: [x, labels],
        attributes: without({ reduction, ignore_index: all ? undefined : ignored }),
        outputs: two + 1,
      };
    }),
  );

const likelihood: Cases = fc
  .tuple(size, fc.integer({ min: 2, max: 4 }), dims(0, 2, 3), some(fc.constantFrom('mean', 'sum', 'none')))
  .chain(([n, classes, rest, reduction]) =>
    fc.tuple(floats([n, classes, ...rest]), indices([n, ...rest], classes - 1, false)).map(([x, labels]) => ({
      op: 'NegativeLogLikelihoodLoss',
      inputs: [x, labels],
      attributes: without({ reduction, ignore_index: classes - 1 }),
    })),
  );

/** Products, reductions, losses. */
export const linearCases: CaseTable = {
  MatMul: matMul,
  Gemm: gemm,
  Einsum: einsum,
  ...Object.fromEntries(
    [
      'ReduceSum',
      'ReduceMean',
      'ReduceSumSquare',
      'ReduceL1',
      'ReduceL2',
      'ReduceLogSumExp',
      'ReduceMax',
      'ReduceMin',
      'ReduceProd',
    ].map((op) => [op, reduce(op)]),
  ),
  // Rows of zeros among them.
  ReduceL2: reduce('ReduceL2', sparse),
  ReduceLogSum: reduce('ReduceLogSum', positive),
  ArgMax: argument('ArgMax'),
  ArgMin: argument('ArgMin'),
  SoftmaxCrossEntropyLoss: crossEntropy,
  NegativeLogLikelihoodLoss: likelihood,
  CumSum: dims(1, 3).chain((shape) =>
    fc.tuple(floats(shape), axisOf(shape.length), some(bit), some(bit)).map(([x, axis, exclusive, reverse]) => ({
      op: 'CumSum',
      inputs: [x, int64([], [axis])],
      attributes: without({ exclusive, reverse }),
    })),
  ),
  TopK: dims(1, 3).chain((shape) =>
    fc
      .tuple(distinct(shape), axisOf(shape.length), some(bit), fc.double({ min: 0, max: 0.99, noNaN: true }))
      .map(([x, axis, largest, share]) => ({
        op: 'TopK',
        inputs: [x, list([1 + Math.floor(share * (shape.at(axis) as number))])],
        attributes: without({ axis, largest, sorted: 1 }),
        outputs: 2,
      })),
  ),
};
