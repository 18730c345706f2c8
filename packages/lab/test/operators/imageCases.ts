import { float, float32, type AttributeInput } from '@anneal/onnx';
import * as fc from 'fast-check';
import { distinct, floats, list, some, without, type CaseTable, type Cases, type Floats } from './operatorCase.ts';

const small = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });
const each = (count: number, element: fc.Arbitrary<number>): fc.Arbitrary<number[]> =>
  fc.array(element, { minLength: count, maxLength: count });

interface Geometry {
  readonly kernel: number[];
  readonly size: number[];
  readonly attributes: Record<string, AttributeInput>;
}

/** A window of so many axes, and an input that it fits in. */
const geometry = (rank: number, dilated: boolean, options: { readonly ceil?: boolean } = {}): fc.Arbitrary<Geometry> =>
  fc
    .tuple(
      each(rank, small(3)),
      each(rank, small(3)),
      each(rank, dilated ? small(2) : fc.constant(1)),
      each(2 * rank, small(1, 0)),
      each(rank, small(3, 0)),
      fc.constantFrom('NOTSET', undefined, 'VALID', 'SAME_UPPER', 'SAME_LOWER'),
      fc.boolean(),
    )
    .map(([kernel, strides, dilations, pads, more, auto_pad, ceil_mode]) => {
      const automatic = auto_pad !== undefined && auto_pad !== 'NOTSET';
      // Padding is smaller than the kernel, as runtimes demand of pools.
      const fits = pads.map((pad, i) => Math.min(pad, (kernel[i % rank] as number) - 1));
      const plain = dilations.every((d) => d === 1);
      // A negative padding, which SAME would need, is refused by pools.
      const reaches = plain && strides.every((s, i) => s <= (kernel[i] as number));
      const auto = automatic && !reaches ? 'VALID' : auto_pad;
      const size = kernel.map((k, i) => (k - 1) * (dilations[i] as number) + 1 + (more[i] as number));
      // Where a rounded-up last window would begin beyond the input, onnxruntime's shapes and its kernels disagree.
      const clean = size.every((n, i) => {
        const [low, s] = [fits[i] as number, strides[i] as number];
        const room = n + low + (fits[rank + i] as number) - ((kernel[i] as number) - 1) * (dilations[i] as number) - 1;
        return Math.ceil(room / s) * s < n + low;
      });
      const ceil = options.ceil === true && ceil_mode && !automatic && clean ? 1 : undefined;
      return {
        kernel,
        size,
        attributes: without({
          kernel_shape: kernel,
          strides,
          dilations: plain ? undefined : dilations,
          pads: automatic ? undefined : fits,
          auto_pad: auto,
          ceil_mode: ceil,
        }),
      };
    });

const convolution = (rank: number): Cases =>
  fc
    .tuple(geometry(rank, true), small(2), small(2), small(2), rank === 3 ? fc.constant(1) : small(3), fc.boolean())
    .chain(([{ kernel, size, attributes }, n, inputs, outputs, group, bias]) =>
      fc
        .tuple(
          floats([n, inputs * group, ...size]),
          floats([outputs * group, inputs, ...kernel]),
          bias ? floats([outputs * group]) : fc.constant(undefined),
        )
        .map((all) => ({
          op: 'Conv',
          inputs: all,
          attributes: group === 1 ? attributes : { ...attributes, group },
        })),
    );

const transposed = (rank: number): Cases =>
  fc
    .tuple(geometry(rank, true), small(2), small(2), small(2), small(2), fc.boolean(), each(rank, small(1, 0)))
    .chain(([{ kernel, attributes }, n, inputs, outputs, group, bias, more]) => {
      const { auto_pad: auto, ...rest } = attributes;
      const strides = rest['strides'] as number[];
      const same = auto === 'SAME_UPPER' || auto === 'SAME_LOWER';
      // An automatic padding that cannot be met, and an output padding beyond the stride, are not defined.
      const meets = kernel.every((k, i) => k >= (strides[i] as number));
      const set = same && !meets ? rest : attributes;
      const output_padding =
        auto === undefined ? more.map((extra, i) => Math.min(extra, (strides[i] as number) - 1)) : undefined;
      const x = floats([n, inputs * group, ...kernel.map((_, i) => 2 + (i % 2))]);
      return fc
        .tuple(
          x,
          floats([inputs * group, outputs, ...kernel]),
          bias ? floats([outputs * group]) : fc.constant(undefined),
        )
        .map((all) => ({
          op: 'ConvTranspose',
          inputs: all,
          attributes: without({ ...set, group: group === 1 ? undefined : group, output_padding }),
        }));
    });

const pool = (
  op: string,
  rank: number,
  dilated: boolean,
  make: (shape: readonly number[]) => fc.Arbitrary<Floats>,
): Cases =>
  fc
    .tuple(geometry(rank, dilated, { ceil: true }), small(2), small(2), some(small(1, 0)))
    .chain(([{ size, attributes }, n, channels, flag]) =>
      make([n, channels, ...size]).map((x) => ({
        op,
        inputs: [x],
        attributes: without({
          ...attributes,
          [op === 'MaxPool' ? 'storage_order' : 'count_include_pad']: op === 'MaxPool' && flag === 1 ? 0 : flag,
        }),
        opset: op === 'AveragePool' && 'dilations' in attributes ? 19 : 18,
      })),
    );

const image = (make: (shape: readonly number[]) => fc.Arbitrary<Floats>): fc.Arbitrary<Floats> =>
  fc
    .tuple(small(2), small(3), fc.array(small(4), { minLength: 1, maxLength: 3 }))
    .chain(([n, c, size]) => make([n, c, ...size]));
const epsilon = some(fc.constantFrom(0.1, 1e-3)).map((value) =>
  without({ epsilon: value === undefined ? undefined : float(value) }),
);

/** Rows that vary: the standard deviation of equal numbers is 0, and what is divided by it anything. */
const layer: Cases = fc
  .tuple(
    fc.array(small(3), { minLength: 1, maxLength: 2 }),
    fc.array(small(4, 3), { minLength: 1, maxLength: 2 }),
    fc.boolean(),
    epsilon,
    small(2, 0),
  )
  .chain(([lead, tail, bias, set, extra]) =>
    fc
      .tuple(distinct([...lead, ...tail]), floats(tail), bias ? floats(tail) : fc.constant(undefined))
      .map((inputs) => ({
        op: 'LayerNormalization',
        inputs,
        attributes: {
          ...set,
          ...(tail.length === 1 && extra === 0 ? {} : { axis: extra === 1 ? lead.length : -tail.length }),
          ...(extra === 2 && { stash_type: 1 }),
        },
      })),
  );

const instance: Cases = fc
  .tuple(small(2), small(3), fc.array(small(4, 2), { minLength: 1, maxLength: 2 }), epsilon)
  .chain(([n, c, size, attributes]) =>
    fc
      .tuple(distinct([n, c, ...size]), floats([c]), floats([c]))
      .map((inputs) => ({ op: 'InstanceNormalization', inputs, attributes })),
  );

const batch: Cases = fc
  .tuple(small(3), small(3), fc.array(small(3), { maxLength: 2 }), epsilon, fc.boolean())
  .chain(([n, c, size, set, momentum]) =>
    fc.tuple(floats([n, c, ...size]), floats([c]), floats([c])).map((inputs) => ({
      op: 'BatchNormalization',
      inputs: [...inputs, float32([c], [0.2, -0.1, 0.4].slice(0, c)), float32([c], [0.5, 1.5, 2].slice(0, c))],
      attributes: momentum ? { ...set, momentum: float(0.8) } : set,
    })),
  );

const group: Cases = fc
  .tuple(small(2), small(2), small(2), fc.array(small(3, 2), { minLength: 1, maxLength: 2 }), fc.boolean(), epsilon)
  .chain(([n, groups, per, size, channelwise, set]) => {
    const c = groups * per;
    const scales = channelwise ? c : groups;
    return fc.tuple(distinct([n, c, ...size]), floats([scales]), floats([scales])).map((inputs) => ({
      op: 'GroupNormalization',
      inputs,
      attributes: { ...set, num_groups: groups },
      opset: channelwise ? 21 : 18,
    }));
  });

const resize: Cases = fc
  .tuple(
    fc.constantFrom('linear', 'nearest', 'cubic'),
    fc.constantFrom('half_pixel', 'asymmetric', 'align_corners', 'pytorch_half_pixel', 'half_pixel_symmetric'),
    fc.constantFrom('round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'),
    fc.tuple(small(4, 2), small(4, 2)),
    fc.tuple(small(8), small(8)),
    fc.boolean(),
    small(2, 0),
  )
  .chain(([mode, coordinates, nearest_mode, [h, w], [toH, toW], bySize, extra]) => {
    const scales = [toH / 4 + 0.5, toW / 4 + 0.5];
    const attributes = without({
      mode,
      coordinate_transformation_mode: coordinates,
      nearest_mode: mode === 'nearest' ? nearest_mode : undefined,
      exclude_outside: mode === 'cubic' && extra === 1 ? 1 : undefined,
      cubic_coeff_a: mode === 'cubic' && extra === 2 ? float(-0.5) : undefined,
      antialias: extra === 0 && mode !== 'nearest' ? 0 : undefined,
      keep_aspect_ratio_policy: bySize && extra === 2 ? 'stretch' : undefined,
      axes: extra === 1 && mode === 'linear' ? [2, 3] : undefined,
    });
    const lead = 'axes' in attributes ? [] : [1, 1];
    const sizing = bySize
      ? [undefined, undefined, list([...lead.map((_, i) => [1, 2][i] as number), toH, toW])]
      : [undefined, float32([lead.length + 2], [...lead, ...scales])];
    return floats([1, 2, h, w]).map((x) => ({ op: 'Resize', inputs: [x, ...sizing], attributes }));
  });

/** What is made for images and sequences. */
export const imageCases: CaseTable = {
  'Conv, one axis': convolution(1),
  'Conv, two axes': convolution(2),
  'Conv, three axes': convolution(3),
  'ConvTranspose, one axis': transposed(1),
  'ConvTranspose, two axes': transposed(2),
  'MaxPool, one axis': pool('MaxPool', 1, true, floats),
  'MaxPool, two axes': pool('MaxPool', 2, false, floats),
  'MaxPool, dilated': pool('MaxPool', 2, true, floats),
  'MaxPool, three axes': pool('MaxPool', 3, false, floats),
  'AveragePool, one axis': pool('AveragePool', 1, true, floats),
  'AveragePool, two axes': pool('AveragePool', 2, false, floats),
  'AveragePool, dilated': pool('AveragePool', 2, true, floats),
  'AveragePool, three axes': pool('AveragePool', 3, false, floats),
  GlobalAveragePool: image(floats).map((x) => ({ op: 'GlobalAveragePool', inputs: [x] })),
  GlobalMaxPool: image(floats).map((x) => ({ op: 'GlobalMaxPool', inputs: [x] })),
  LayerNormalization: layer,
  InstanceNormalization: instance,
  BatchNormalization: batch,
  GroupNormalization: group,
  RMSNormalization: fc.tuple(small(3), small(4, 2), epsilon, some(fc.constant(-1))).chain(([n, width, set, axis]) =>
    fc.tuple(floats([n, width]), floats([width])).map((inputs) => ({
      op: 'RMSNormalization',
      inputs,
      attributes: without({ ...set, axis, stash_type: axis === undefined ? undefined : 1 }),
      opset: 23,
    })),
  ),
  LpNormalization: fc
    .tuple(small(3), small(4, 2), fc.constantFrom(1, 2))
    .chain(([n, width, p]) =>
      floats([n, width]).map((x) => ({ op: 'LpNormalization', inputs: [x], attributes: { p, axis: -1 } })),
    ),
  LRN: fc.tuple(small(2), small(5, 2), fc.constantFrom(1, 3)).chain(([n, c, size]) =>
    floats([n, c, 2, 2]).map((x) => ({
      op: 'LRN',
      inputs: [x],
      attributes: { size, alpha: float(0.5), beta: float(0.5), bias: float(2) },
    })),
  ),
  Resize: resize,
};
