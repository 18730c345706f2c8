import type { GraphNode } from '@anneal/onnx';
import { LabError } from '../../labError.ts';
import {
  describeNode,
  type DeviceResult,
  type HostResult,
  type Operator,
  type OperatorContext,
  type Tfjs,
} from './operators/operator.ts';
import { standardOperators } from './operators/standardOperators.ts';
import { isFloat, isHost, type Value } from './operators/value.ts';

const operators = new Map(standardOperators.map((operator) => [operator.op, operator]));

/** A node on the host where everything that it reads lies there and is exact, else on the device. */
export function execute(
  c: OperatorContext,
  operator: Operator,
  values: readonly (Value | undefined)[],
): readonly Value[] {
  const given = values.filter((value) => value !== undefined);
  const isFixed = given.every((value) => isHost(value) && value.fixed);
  const exact = isFixed || operator.hostFloats === true || !given.some(({ type }) => isFloat(type));
  const onHost = operator.host !== undefined && exact && given.every(isHost);
  if (!onHost && operator.device === undefined)
    return c.refuse('on values that are computed from floats; what it reads has to follow from shapes or the batch');
  const results = onHost ? operator.host?.(c) : operator.device?.(c);
  const whole = given.find(({ type }) => !isFloat(type) && type !== 'bool')?.type ?? 'int64';
  const valueOf = (result: DeviceResult | HostResult): Value => {
    if ('data' in result && !('dataSync' in result)) {
      const { dims, data, type = given[0]?.type ?? 'float32', fixed = isFixed } = result;
      return { type, dims, data, fixed };
    }
    if ('tensor' in result) return result;
    const tensor = result;
    return { type: tensor.dtype === 'float32' ? 'float32' : tensor.dtype === 'bool' ? 'bool' : whole, tensor };
  };
  return (Array.isArray(results) ? (results as DeviceResult[]) : [results as DeviceResult]).map(valueOf);
}

/** The operator of a node. Throws a LabError where there is none, or it does not take an attribute into account. */
export function operatorFor(node: GraphNode): Operator {
  const operator = node.domain === '' ? operators.get(node.op) : undefined;
  if (operator === undefined)
    throw new LabError(
      'unsupported',
      `tfjs: the operator ${describeNode(node)} is not run on TensorFlow.js; train this model on onnxruntime-web`,
    );
  const unread = [...node.attributes.keys()].find((name) => operator.attributes?.includes(name) !== true);
  if (unread !== undefined)
    throw new LabError(
      'unsupported',
      `tfjs: the operator ${describeNode(node)} is not run with the attribute "${unread}"; train this model on onnxruntime-web`,
    );
  return operator;
}

/** An error of TensorFlow.js, as the sentence that names the operator, the node, the backend and the kernel. */
export function naming<T>(tf: Tfjs, node: GraphNode, run: () => T, way = 'run'): T {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof LabError) throw cause;
    const text = cause instanceof Error ? cause.message : String(cause);
    const kernel = /[Kk]ernel '([^']+)' not registered/.exec(text)?.[1];
    const why = kernel === undefined ? text : `its kernel ${kernel} is missing`;
    throw new LabError(
      'unsupported',
      `tfjs: the operator ${describeNode(node)} cannot be ${way} on the device ${tf.getBackend()}: ${why}; use tfjs-cpu or onnxruntime-web`,
      { cause },
    );
  }
}
