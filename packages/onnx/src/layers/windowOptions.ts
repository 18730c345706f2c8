import type { AttributeInput } from '../graph/graphBuilder.ts';
import { OnnxError } from '../onnxError.ts';
import { checkWhole } from './weights.ts';

/** How a window slides over the axes of an image (or of a sequence, or a volume). A number stands for each of its axes. */
export interface WindowOptions {
  /** Size of the window: a number for both axes of images, or one per axis (`[5]` for sequences). */
  readonly kernel: number | readonly number[];
  /** Steps between windows; 1 by default, in pools the size of the window. */
  readonly stride?: number | readonly number[];
  /**
   * "valid" (the default): none. "same": so that the result has ⌈size/stride⌉ elements, an odd one after; not for a stride
   * and a dilation at once. A number: on each side, or one per axis.
   */
  readonly padding?: 'same' | 'valid' | number | readonly number[];
  /** Distance between the elements of a window; 1 by default. */
  readonly dilation?: number | readonly number[];
}

/** The attributes that convolutions and pools share. */
export function windowAttributes(layer: string, options: WindowOptions): Record<string, AttributeInput> {
  const { stride = 1, padding = 'valid', dilation = 1 } = options;
  const kernel = typeof options.kernel === 'number' ? [options.kernel, options.kernel] : options.kernel;
  const perAxis = (option: string, value: number | readonly number[], least = 1): readonly number[] => {
    const list = typeof value === 'number' ? kernel.map(() => value) : value;
    checkWhole(layer, { [option]: list }, least);
    if (list.length === kernel.length) return list;
    throw new OnnxError(
      'argument',
      layer,
      `${option} must have ${kernel.length} numbers, as kernel has; received ${list.length}`,
    );
  };
  const [strides, dilations] = [perAxis('stride', stride), perAxis('dilation', dilation)];
  const attributes: Record<string, AttributeInput> = { kernel_shape: perAxis('kernel', kernel), strides, dilations };
  if (padding !== 'same') {
    const pads = padding === 'valid' ? kernel.map(() => 0) : perAxis('padding', padding, 0);
    return { ...attributes, pads: [...pads, ...pads] };
  }
  if (strides.some((step) => step !== 1)) {
    // How much, depends on the size then.
    if (dilations.some((distance) => distance !== 1))
      throw new OnnxError(
        'argument',
        layer,
        'padding "same" needs a stride or a dilation of 1; give the padding as numbers',
      );
    return { ...attributes, auto_pad: 'SAME_UPPER' };
  }
  const total = kernel.map((k, i) => (k - 1) * (dilations[i] as number));
  return { ...attributes, pads: [...total.map((t) => Math.floor(t / 2)), ...total.map((t) => Math.ceil(t / 2))] };
}
