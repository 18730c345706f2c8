import { add, div, mul, perChannel, reduceMean, reshape, sqrt, upTo, where } from '../graph/arithmetic.ts';
import { float } from '../graph/graphBuilder.ts';
import { float32 } from '../graph/tensor.ts';
import { isReached, type Lowering } from './lowering.ts';

/** Normalisations that are others in disguise. */
const forms: readonly Lowering[] = [
  {
    op: 'GroupNormalization',
    attributes: ['epsilon', 'num_groups', 'stash_type'],
    // Each group is an instance with the elements of its channels; scale and bias are per group (operator set 18) or per channel (21).
    lower(c) {
      const dims = c.dims(c.input(0));
      const groups = c.int('num_groups', 1);
      if (!(groups >= 1 && (dims[1] as number) % groups === 0)) c.refuse(`${groups} groups of ${dims[1]} channels`);
      const perGroup = c.dims(c.input(1))[0] === groups;
      const [ones, zeros] = [1, 0].map((value) => c.tensor(float32([groups], new Float32Array(groups).fill(value))));
      const [scale, bias] = perGroup ? [c.input(1), c.input(2)] : [ones as string, zeros as string];
      const flat = reshape(c, c.input(0), [dims[0] as number, groups, -1]);
      const normal = c.op('InstanceNormalization', [flat, scale, bias], { epsilon: float(c.float('epsilon', 1e-5)) });
      const y = reshape(c, normal, dims);
      if (perGroup) return [y];
      return [add(c, mul(c, y, perChannel(c, c.input(1), dims)), perChannel(c, c.input(2), dims))];
    },
  },
  {
    op: 'RMSNormalization',
    attributes: ['axis', 'epsilon', 'stash_type'],
    // x/√(mean x² + ε)·scale over the axes from `axis` on. Zhang, Sennrich 2019, arXiv 1910.07467, eq. 4.
    lower(c) {
      const x = c.input(0);
      const mean = reduceMean(c, mul(c, x, x), upTo(c.dims(x).length).slice(c.int('axis', -1)));
      return [mul(c, div(c, x, sqrt(c, add(c, mean, c.float('epsilon', 1e-5)))), c.input(1))];
    },
  },
  {
    op: 'LpNormalization',
    attributes: ['axis', 'p'],
    // x/(Σ|x|ᵖ)^{1/p}, and x where that is 0, as the runtime has it
    lower(c) {
      const norm = c.int('p', 2) === 1 ? 'ReduceL1' : 'ReduceL2';
      const size = c.op(norm, [c.input(0), c.list([c.int('axis', -1)])], { keepdims: 1 });
      return [div(c, c.input(0), where(c, c.op('Equal', [size, c.scalar(0)]), 1, size))];
    },
  },
  {
    op: 'LRN',
    attributes: ['alpha', 'beta', 'bias', 'size'],
    // x/(k + α·mean x²)^β, the mean over `size` neighbouring channels (an odd number), absent ones counting as 0. Krizhevsky et al. 2012, section 3.3.
    lower(c) {
      const x = c.input(0);
      const [batch, channels] = c.dims(x) as [number, number];
      const size = c.int('size', 1);
      const reach = (size - 1) / 2;
      const mean = c.op('AveragePool', [reshape(c, mul(c, x, x), [batch, 1, channels, -1])], {
        kernel_shape: [size, 1],
        pads: [reach, 0, reach, 0],
        count_include_pad: 1,
      });
      const sum = add(c, mul(c, reshape(c, mean, c.dims(x)), c.float('alpha', 1e-4)), c.float('bias', 1));
      return [div(c, x, c.op('Pow', [sum, c.scalar(c.float('beta', 0.75))]))];
    },
  },
];

export const normalizationLowerings: readonly Lowering[] = forms.map((form) => ({
  ...form,
  lower: (c) => (isReached(c) ? form.lower(c) : undefined),
}));
