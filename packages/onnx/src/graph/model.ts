import type { DataType, Tensor } from './tensor.ts';

/** A dimension: a size, the name of a size not known yet, or nothing known at all. */
export type Dim = number | string | undefined;

/** A named value at the edge of a graph. Without `type` it is not a dense tensor, or ORT is to infer it. */
export interface ValueInfo {
  readonly name: string;
  readonly type?: DataType;
  /** Absent: not even the rank is known. */
  readonly dims?: readonly Dim[];
  /** Fields of the file that are repeated as they were read. */
  readonly extra?: Uint8Array;
}

/** An operator's attribute. Ints are numbers where they are safe. `raw`: kept as read, of a kind no rule uses. */
export type Attribute =
  | { readonly kind: 'int'; readonly value: number | bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: Tensor }
  | { readonly kind: 'graph'; readonly value: Graph }
  | { readonly kind: 'ints'; readonly value: readonly (number | bigint)[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'raw'; readonly value: Uint8Array };

/** One application of an operator. An empty string among inputs or outputs is one left out. */
export interface GraphNode {
  readonly op: string;
  /** Empty for the standard operators. */
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly extra?: Uint8Array;
}

/** A graph in single-assignment form, nodes in an order in which each reads what stands before it. */
export interface Graph {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly initializers: ReadonlyMap<string, Tensor>;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** The initializers that were `Constant` nodes in the file. */
  readonly constants?: ReadonlySet<string>;
  readonly extra?: Uint8Array;
}

/** A whole .onnx file. */
export interface Model {
  readonly irVersion: number;
  readonly producer: string;
  /** Version of each operator set by its domain; the standard one has the domain ''. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: Graph;
  readonly extra?: Uint8Array;
}
