import type { DataType } from '@anneal/onnx';
import type { Tensor } from '@tensorflow/tfjs-core';
import { broadcast, untaped, withGradient } from './differentiable.ts';
import { broadcastDims, broadcastMap } from './indices.ts';
import type { HostResult, Operator, OperatorContext, Tfjs } from './operator.ts';
import { isFloat, roundTo, type HostValue } from './value.ts';

/** A function of elements on the host, inputs broadcast against each other; a whole number that cannot be held is refused. */
export function onHost(
  c: OperatorContext,
  f: (...elements: number[]) => number,
  type: DataType = c.type(0),
  inputs: readonly HostValue[] = Array.from({ length: c.count }, (_, i) => c.host(i)),
): HostResult {
  const dims = broadcastDims(inputs.map((input) => input.dims)) ?? c.refuse('on shapes that do not fit');
  const maps = inputs.map((input) => broadcastMap(dims, input.dims));
  const [length] = [maps[0]?.length ?? 0];
  const data = Float64Array.from({ length }, (_, i) => {
    const elements = inputs.map((input, k) => input.data[(maps[k] as Int32Array)[i] as number] as number);
    if (elements.some((x, k) => !Number.isFinite(x) && !isFloat((inputs[k] as HostValue).type)))
      c.refuse('on whole numbers beyond 2⁵³');
    const y = roundTo(type, f(...elements));
    if (Number.isNaN(y) && !isFloat(type)) c.refuse(`to a result that ${type} cannot hold exactly here`);
    return y;
  });
  return { dims, data, type };
}

/** y = f(x). Without a gradient of its own, that of TensorFlow.js. */
export const unary = (
  op: string,
  forward: (tf: Tfjs, x: Tensor, c: OperatorContext) => Tensor,
  options: {
    readonly attributes?: readonly string[];
    readonly inputs?: readonly number[];
    /** ∂L/∂x from ∂L/∂y */
    readonly gradient?: (tf: Tfjs, dy: Tensor, x: Tensor, y: Tensor, c: OperatorContext) => Tensor;
    readonly host?: (x: number) => number;
  } = {},
): Operator => {
  const { attributes = [], inputs, gradient, host } = options;
  return {
    op,
    attributes,
    ...(inputs && { inputs }),
    ...(host && { host: (c) => onHost(c, host) }),
    device(c) {
      const [{ tf }, x] = [c, c.float(0)];
      if (inputs?.length === 0) return untaped(tf, () => forward(tf, x, c));
      if (gradient === undefined) return forward(tf, x, c);
      return withGradient(
        tf,
        [x],
        [],
        ([v]) => forward(tf, v as Tensor, c),
        (dy, kept) => [gradient(tf, dy, kept.inputs[0] as Tensor, kept.y, c)],
      );
    },
  };
};

/** The inputs as float32 tensors of one shape. */
export const broadcastFloats = (c: OperatorContext): Tensor[] =>
  broadcast(
    c.tf,
    Array.from({ length: c.count }, (_, i) => c.float(i)),
    (what) => c.refuse(what),
  );
