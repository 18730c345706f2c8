import type { GraphNode } from '../graph/model.ts';

/** What a parameter is to the operator that reads it. */
export type Role = 'weight' | 'bias' | 'scale' | 'embedding' | 'recurrent matrix' | 'slope' | 'token';

/**
 * The inputs of operators in which parameters stand, in order; a hole is an input that holds none: data, running statistics, the initial
 * state of a recurrent cell.
 */
const layers: Readonly<Record<string, readonly (Role | undefined)[]>> = {
  Conv: [undefined, 'weight', 'bias'],
  ConvTranspose: [undefined, 'weight', 'bias'],
  DeformConv: [undefined, 'weight', undefined, 'bias'],
  Gemm: ['weight', 'weight', 'bias'],
  MatMul: ['weight', 'weight'],
  Einsum: ['weight', 'weight'],
  LSTM: [undefined, 'recurrent matrix', 'recurrent matrix', 'bias', undefined, undefined, undefined, 'weight'],
  GRU: [undefined, 'recurrent matrix', 'recurrent matrix', 'bias'],
  RNN: [undefined, 'recurrent matrix', 'recurrent matrix', 'bias'],
  BatchNormalization: [undefined, 'scale', 'bias'],
  InstanceNormalization: [undefined, 'scale', 'bias'],
  GroupNormalization: [undefined, 'scale', 'bias'],
  LayerNormalization: [undefined, 'scale', 'bias'],
  RMSNormalization: [undefined, 'scale'],
  PRelu: [undefined, 'slope'],
  Gather: ['embedding'],
  GatherND: ['embedding'],
};

/** Operators of plain arithmetic, in which parameters and constants look alike: a bias and a mask are both added. */
const arithmetic: Readonly<Record<string, Role>> = { Add: 'bias', Sum: 'bias', Mul: 'scale', Concat: 'token' };

/** The role of an input. `plain`: the operator takes constants in that place just as well. */
export function roleOf({ op, domain }: GraphNode, input: number): { role: Role; plain: boolean } | undefined {
  if (domain !== '') return undefined;
  const role = Object.hasOwn(layers, op) ? layers[op]![input] : undefined;
  if (role !== undefined) return { role, plain: false };
  return Object.hasOwn(arithmetic, op) ? { role: arithmetic[op]!, plain: true } : undefined;
}

/** Operators with a weight: what comes out of one is data that a layer has made. */
export const products: ReadonlySet<string> = new Set([
  'Conv',
  'ConvTranspose',
  'DeformConv',
  'Gemm',
  'MatMul',
  'Einsum',
]);

/** Operators that look up rows of a table. */
export const lookups: ReadonlySet<string> = new Set(['Gather', 'GatherND']);

/** Operators that move the elements of their first input, or map each by itself: a parameter stays one behind them. */
export const moves: ReadonlySet<string> = new Set(
  `Identity Reshape Transpose Squeeze Unsqueeze Flatten Cast CastLike Expand Slice Split Pad Tile Resize Upsample Gather GatherND
   Neg Exp Softplus Sigmoid Tanh Sqrt Abs Div InstanceNormalization BatchNormalization`.split(/\s+/),
);

/** Operators all of whose inputs are parts of what comes out. */
export const joins: ReadonlySet<string> = new Set(['Add', 'Sub', 'Mul', 'Sum', 'Concat', 'MatMul', 'Gemm', 'Einsum']);

/** Operators that leave data as it came into the model, but for constants: before the first layer inputs are scaled. */
export const preparations: ReadonlySet<string> = new Set(
  `Identity Cast CastLike Reshape Transpose Squeeze Unsqueeze Flatten Slice Split Pad Resize Upsample Clip Concat
   Add Sub Mul Div`.split(/\s+/),
);
