import type { Shapes, ValueShape } from '../graph/shapes.ts';
import { OnnxError } from '../onnxError.ts';

/** What a loss asks of the batch; it is checked once shapes are known, before anything is computed. */
export interface LossRequirement {
  /** The loss, for the sentence. */
  readonly loss: string;
  /** The model's value that it reads. */
  readonly value: string;
  /** What it is compared with: an input of the batch, or another value. */
  readonly target: string;
  /** The target holds class numbers along the value's last axis, or this one: positions without a label. Otherwise it has the value's shape. */
  readonly classes?: { readonly ignored: number };
}

/** An input of integers that must be class numbers. */
export interface LabelRange {
  readonly name: string;
  /** They are 0 to this − 1. */
  readonly classes: number;
  /** Besides, the number that marks positions without a label. */
  readonly ignored: number;
}

/**
 * Refuses shapes that operators would broadcast, so that a loss would compare every output with every target. Values whose shape is not
 * known are passed over.
 *
 * @throws OnnxError `argument`, naming the target and both shapes.
 */
export function checkRequirements(requirements: readonly LossRequirement[], shapes: Shapes): void {
  for (const { loss, value, target, classes } of requirements) {
    const [output, found] = [shapes.get(value), shapes.get(target)];
    if (output === undefined || found === undefined) continue;
    const wanted = classes === undefined ? output.dims : output.dims.slice(0, -1);
    const rule =
      classes === undefined
        ? `its shape must be that of "${value}"`
        : `class numbers have the shape of "${value}" without its last axis, along which the classes stand`;
    if (wanted.join() !== found.dims.join() || (classes === undefined && output.type !== found.type))
      throw new OnnxError(
        'argument',
        target,
        `${loss} compares it with "${value}", ${described(output)}, and ${rule}; received ${described(found)}`,
      );
  }
}

const described = ({ type, dims }: ValueShape): string => `${type} [${dims.join(', ')}]`;

/** The inputs that hold class numbers. */
export const labelRanges = (requirements: readonly LossRequirement[], shapes: Shapes): readonly LabelRange[] =>
  requirements.flatMap(({ value, target, classes }) => {
    const count = shapes.get(value)?.dims.at(-1);
    return classes === undefined || count === undefined ? [] : [{ name: target, classes: count, ...classes }];
  });
