import type { Attribute, DataType, GraphNode } from '@anneal/onnx';
import type * as tfCore from '@tensorflow/tfjs-core';
import { LabError } from '../../../labError.ts';
import { dimsOf, isHost, type DeviceValue, type HostValue, type Numbers, type Value } from './value.ts';

/** The module @tensorflow/tfjs-core, as a value: it is loaded before it is wanted. */
export type Tfjs = typeof tfCore;
type Tensor = tfCore.Tensor;

/** What an operator computed on the host: elements of the type of its first input, unless a type is named. */
export interface HostResult {
  readonly dims: readonly number[];
  readonly data: Numbers;
  readonly type?: DataType;
  /** Whether it is the same for every batch, whatever the inputs are: a shape is. */
  readonly fixed?: boolean;
}

/** What an operator computed on the device; a bare tensor of int32 has the type of the first whole-number input. */
export type DeviceResult = Tensor | DeviceValue | HostResult;

type OneOrMore<T> = T | readonly T[];

/**
 * One operator of ONNX, computed with. On the host, exactly, where every input lies there and either is a constant or no float;
 * else on the device, by functions that TensorFlow.js differentiates.
 */
export interface Operator {
  readonly op: string;
  /** The attributes that are taken into account. A node with any other is refused. */
  readonly attributes?: readonly string[];
  /** The inputs through which a gradient flows; by default every one of floats. */
  readonly inputs?: readonly number[];
  /** Whether floats that change with the batch are computed on the host too. */
  readonly hostFloats?: boolean;
  host?(c: OperatorContext): OneOrMore<HostResult>;
  device?(c: OperatorContext): OneOrMore<DeviceResult>;
}

/** What lies around a node that runs. */
export interface Surroundings {
  readonly tf: Tfjs;
  /** A value of the host on the device; one that is fixed is kept there. */
  upload(value: HostValue, refuse: (what: string) => never): Tensor;
  /** What the node made once for all batches, by name. */
  readonly kept: Map<string, unknown>;
  /** Whether a gradient of the input is asked for. */
  needs(input: number): boolean;
  /** The node that computes a value. */
  producer(value: string): GraphNode | undefined;
}

export const describeNode = ({ op, domain, name, outputs }: GraphNode): string =>
  `${domain === '' ? op : `${domain}.${op}`} (node "${name || outputs[0]}")`;

/** What a running operator sees of its node. */
export class OperatorContext {
  readonly node: GraphNode;
  readonly tf: Tfjs;
  readonly #values: readonly (Value | undefined)[];
  readonly #around: Surroundings;

  constructor(node: GraphNode, values: readonly (Value | undefined)[], around: Surroundings) {
    this.node = node;
    this.tf = around.tf;
    this.#values = values;
    this.#around = around;
  }

  get count(): number {
    return this.#values.length;
  }

  has(input: number): boolean {
    return this.#values[input] !== undefined;
  }

  value(input: number): Value {
    return this.#values[input] ?? this.refuse(`without its input ${input}`);
  }

  dims(input: number): readonly number[] {
    return dimsOf(this.value(input));
  }

  type(input: number): DataType {
    return this.value(input).type;
  }

  isHost(input: number): boolean {
    const value = this.#values[input];
    return value !== undefined && isHost(value);
  }

  /** An input that has to lie on the host: a shape, axes, indices. */
  host(input: number): HostValue {
    const value = this.value(input);
    return isHost(value)
      ? value
      : this.refuse(`with an input ${input} that is computed from floats; it has to follow from shapes or the batch`);
  }

  /** Its elements, whole numbers; undefined where it is left out. */
  list(input: number): readonly number[] | undefined {
    return this.has(input) ? Array.from(this.host(input).data) : undefined;
  }

  /** An input of one element on the host. */
  scalar(input: number, fallback: number): number {
    return this.has(input) ? (this.host(input).data[0] ?? fallback) : fallback;
  }

  /** An input on the device, of any type. */
  tensor(input: number): Tensor {
    const value = this.value(input);
    return isHost(value) ? this.upload(value) : value.tensor;
  }

  /** An input of float32 on the device. */
  float(input: number): Tensor {
    const type = this.type(input);
    if (type !== 'float32')
      this.refuse(
        type === 'float64'
          ? 'in float64; TensorFlow.js has float32 alone'
          : `on ${type} that is computed from floats; cast it to float32 before`,
      );
    return this.tensor(input);
  }

  upload(value: HostValue): Tensor {
    return this.#around.upload(value, (what) => this.refuse(what));
  }

  /** A float32 constant on the device, made once for all batches of one shape. */
  constant(key: string, dims: readonly number[], make: () => Numbers, type: DataType = 'float32'): Tensor {
    return this.upload(this.once(key, () => ({ type, dims, data: make(), fixed: true })));
  }

  /** What is the same for every batch of one shape, made once. */
  once<T>(key: string, make: () => T): T {
    const { kept } = this.#around;
    if (!kept.has(key)) kept.set(key, make());
    return kept.get(key) as T;
  }

  needs(input: number): boolean {
    return this.#around.needs(input);
  }

  producer(value: string): GraphNode | undefined {
    return this.#around.producer(value);
  }

  int(name: string, fallback: number): number {
    return Number(this.#read(name, 'int') ?? fallback);
  }

  number(name: string, fallback: number): number {
    return (this.#read(name, 'float') ?? fallback) as number;
  }

  text(name: string, fallback: string): string {
    return (this.#read(name, 'string') ?? fallback) as string;
  }

  ints(name: string): readonly number[] | undefined {
    return (this.#read(name, 'ints') as readonly (number | bigint)[] | undefined)?.map(Number);
  }

  /** An attribute that names an axis, counted from the end where it is negative. */
  axis(name: string, fallback: number, rank: number = this.dims(0).length): number {
    return this.axisOf(this.int(name, fallback), rank);
  }

  axisOf(axis: number, rank: number): number {
    if (!(axis >= -rank && axis < Math.max(rank, 1))) this.refuse(`along axis ${axis} of ${rank}`);
    return axis < 0 ? axis + rank : axis;
  }

  /** Ends with the sentence that the operator is not run in some form. */
  refuse(what: string): never {
    throw new LabError('unsupported', `tfjs: the operator ${describeNode(this.node)} is not run ${what}`);
  }

  #read(name: string, kind: Attribute['kind']): Attribute['value'] | undefined {
    const attribute = this.node.attributes.get(name);
    if (attribute !== undefined && attribute.kind !== kind)
      this.refuse(`with an attribute "${name}" of kind ${attribute.kind}`);
    return attribute?.value;
  }
}
