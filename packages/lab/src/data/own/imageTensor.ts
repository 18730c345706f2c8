import { LabError } from '../../labError.ts';
import type { Field } from './fields.ts';

/** A decoded image: four bytes for each pixel, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** How an image becomes the input of a model. */
export interface ImageForm {
  readonly field: Field;
  readonly channels: 1 | 3;
  /** Size that every image is brought to; undefined: that of the images, which must be one. */
  readonly height: number | undefined;
  readonly width: number | undefined;
  /** Whether channels stand before rows and columns, as PyTorch has them, or behind, as TensorFlow does. */
  readonly first: boolean;
}

export interface ImageOptions {
  /** Subtracted from each channel, of values in [0, 1]; default 0. */
  readonly mean?: readonly number[] | undefined;
  /** Divided by; default 1. */
  readonly deviation?: readonly number[] | undefined;
}

/** How a model takes images: its one input has four axes, one of which counts 1 or 3 channels. */
export function imageForm(fields: readonly Field[]): ImageForm {
  const inputs = fields.filter(({ role }) => role === 'input');
  const [field] = inputs;
  const rule =
    'a folder of images needs a model with one float32 input of [batch, channels, height, width] or [batch, height, width, channels], 1 or 3 channels';
  if (field === undefined || inputs.length !== 1 || field.dims.length !== 3 || field.type !== 'float32')
    throw new LabError(
      'data',
      `model: ${rule}; received ${inputs.map(({ name, type, dims }) => `${name}: ${type} [batch, ${dims.map((dim) => dim ?? '?').join(', ')}]`).join('; ')}`,
    );
  const isCount = (dim: number | undefined): dim is 1 | 3 => dim === 1 || dim === 3;
  const [a, b, c] = field.dims;
  if (isCount(a) === isCount(c))
    throw new LabError(
      'data',
      `model: ${rule}; of [batch, ${field.dims.map((dim) => dim ?? '?').join(', ')}] it cannot be told where the channels stand`,
    );
  return isCount(a)
    ? { field, channels: a, height: b, width: c, first: true }
    : { field, channels: c as 1 | 3, height: a, width: b, first: false };
}

/** Refuses means and deviations that are not one for each channel, and deviations that are not > 0. */
export function checkImageOptions({ channels }: ImageForm, { mean, deviation }: ImageOptions): void {
  for (const [name, numbers] of Object.entries({ mean, deviation })) {
    const fits = numbers === undefined || (numbers.length === channels && numbers.every(Number.isFinite));
    if (fits && (name === 'mean' || numbers?.every((number) => number > 0) !== false)) continue;
    const rule = `one number${name === 'mean' ? '' : ' > 0'} for each of the ${channels} channels`;
    throw new LabError('data', `${name} must be ${rule}; received ${numbers?.join(', ')}`);
  }
}

/**
 * An image as numbers in [0, 1], less the mean and divided by the deviation of each channel. What is transparent lies on white; grey is
 * 0.299·R + 0.587·G + 0.114·B (Rec. 601). Sizes are changed by averaging with a triangle as wide as a pixel of the smaller grid.
 */
export function imageTensor(
  image: Pixels,
  form: ImageForm,
  { mean, deviation }: ImageOptions = {},
): { data: Float32Array; dims: readonly number[] } {
  const { channels, first } = form;
  const [height, width] = [form.height ?? image.height, form.width ?? image.width];
  const planes = planesOf(image, channels).map((plane) => resized(plane, image, height, width));
  const data = new Float32Array(channels * height * width);
  planes.forEach((plane, channel) => {
    const [shift, scale] = [mean?.[channel] ?? 0, deviation?.[channel] ?? 1];
    plane.forEach((value, i) => {
      data[first ? channel * plane.length + i : i * channels + channel] = (value - shift) / scale;
    });
  });
  return { data, dims: first ? [channels, height, width] : [height, width, channels] };
}

/** Each channel, in [0, 1]. */
function planesOf({ rgba, width, height }: Pixels, channels: 1 | 3): Float64Array[] {
  const count = width * height;
  const planes = Array.from({ length: channels }, () => new Float64Array(count));
  for (let i = 0; i < count; i += 1) {
    const alpha = (rgba[4 * i + 3] as number) / 255;
    const [r, g, b] = [0, 1, 2].map((channel) => ((rgba[4 * i + channel] as number) / 255) * alpha + 1 - alpha) as [
      number,
      number,
      number,
    ];
    if (channels === 1) (planes[0] as Float64Array)[i] = 0.299 * r + 0.587 * g + 0.114 * b;
    else [r, g, b].forEach((value, channel) => ((planes[channel] as Float64Array)[i] = value));
  }
  return planes;
}

/** Rows, then columns, each a weighted mean of its neighbours. */
function resized(
  plane: Float64Array,
  { width: fromWidth, height: fromHeight }: Pixels,
  height: number,
  width: number,
): Float64Array {
  if (fromWidth === width && fromHeight === height) return plane;
  const [across, down] = [neighbours(fromWidth, width), neighbours(fromHeight, height)];
  const narrow = new Float64Array(fromHeight * width);
  for (let y = 0; y < fromHeight; y += 1)
    across.forEach(({ first, weights }, x) => {
      narrow[y * width + x] = weights.reduce(
        (sum, weight, k) => sum + weight * (plane[y * fromWidth + first + k] as number),
        0,
      );
    });
  const result = new Float64Array(height * width);
  down.forEach(({ first, weights }, y) => {
    for (let x = 0; x < width; x += 1)
      result[y * width + x] = weights.reduce(
        (sum, weight, k) => sum + weight * (narrow[(first + k) * width + x] as number),
        0,
      );
  });
  return result;
}

/** For each of m places the neighbours among n, by a triangle around its centre. */
function neighbours(n: number, m: number): { readonly first: number; readonly weights: readonly number[] }[] {
  const scale = n / m;
  const reach = Math.max(scale, 1);
  return Array.from({ length: m }, (_, i) => {
    const center = (i + 0.5) * scale;
    const first = Math.max(Math.floor(center - reach), 0);
    const end = Math.min(Math.ceil(center + reach), n);
    const weights = Array.from({ length: end - first }, (__, k) =>
      Math.max(0, 1 - Math.abs(first + k + 0.5 - center) / reach),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}
