/**
 * The part of a TensorFlow.js optimizer that a binding stands on, written down by shape so that nothing of tfjs is
 * imported: instances of the union package, of tfjs-core alone, of tfjs-node, of a script tag's global `tf` and
 * duck-typed optimizers all have it. (`instanceof` could not tell them apart: tfjs answers true for anything that has
 * `minimize`, `computeGradients` and `applyGradients`.)
 */
export interface OptimizerLike {
  // `never` accepts every optimizer's own parameter type; the classes of tfjs declare different ones.
  applyGradients(gradients: never): unknown;
  /** Updates made so far. Without it the scheduler counts. */
  readonly iterations?: number;
  getClassName?(): string;
}

/** A tensor as far as hooks are concerned: something that functional ops of the caller's own tfjs take. */
export interface TensorLike {
  readonly shape: number[];
  readonly dtype: string;
  readonly isDisposed: boolean;
  dispose(): void;
}

/** The gradient of one variable. `tensor` is null or undefined where this update has none. */
export interface NamedGradient {
  readonly name: string;
  readonly tensor: TensorLike | null | undefined;
}

/** Both forms in which `applyGradients` receives gradients. */
export type Gradients = readonly NamedGradient[] | Readonly<Record<string, TensorLike | null | undefined>>;

/** The name for error sentences: `"Adam"`; "the optimizer" where it does not tell. */
export function classNameOf(optimizer: OptimizerLike): string {
  return optimizer.getClassName?.() ?? 'the optimizer';
}

/** Gradients as a list, in the order in which the optimizer will go through them. */
export function listOf(gradients: Gradients): readonly NamedGradient[] {
  if (Array.isArray(gradients)) return gradients as readonly NamedGradient[];
  return Object.entries(gradients as Readonly<Record<string, TensorLike>>).map(([name, tensor]) => ({ name, tensor }));
}
