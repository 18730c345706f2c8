import {
  add,
  div,
  inverseDeviation,
  mul,
  perChannel,
  reduceMean,
  reduceSum,
  spatialAxes,
  sub,
  where,
} from '../../graph/arithmetic.ts';
import { sizeOf } from '../../graph/tensor.ts';
import type { GradientContext, GradientRule } from '../gradientRule.ts';
import { unbroadcast } from '../unbroadcast.ts';

/** x̂ = (x − mean)·r with r = 1/√(var + ε) over `axes`. */
function standardised(c: GradientContext, axes: readonly number[], epsilon: number): { xHat: string; r: string } {
  const x = c.input(0);
  const centered = sub(c, x, reduceMean(c, x, axes));
  const r = inverseDeviation(c, reduceMean(c, mul(c, centered, centered), axes), epsilon);
  return { xHat: mul(c, centered, r), r };
}

/** dx = r·(g − mean g − x̂·mean(g·x̂)), g the gradient of x̂. */
const throughStatistics = (
  c: GradientContext,
  g: string,
  { xHat, r }: { xHat: string; r: string },
  axes: readonly number[],
): string => mul(c, r, sub(c, sub(c, g, reduceMean(c, g, axes)), mul(c, xHat, reduceMean(c, mul(c, g, xHat), axes))));

/** Normalisations: y = x̂·scale + bias. */
export const normalizationRules: readonly GradientRule[] = [
  {
    op: 'LayerNormalization',
    attributes: ['axis', 'epsilon', 'stash_type'],
    gradient(c, dy) {
      const dims = c.dims(c.input(0));
      const first = (c.int('axis', -1) + dims.length) % dims.length;
      const axes = dims.map((_, i) => i).slice(first);
      // The forward pass knows mean and 1/√(var + ε).
      const [mean, r] = [c.needOutput(1), c.needOutput(2)];
      const x = { xHat: mul(c, sub(c, c.input(0), mean), r), r };
      // The other two outputs: dmean/n, and of r = (var + ε)^{−1/2} −r²·x̂·dr/n.
      const perElement = (value: string): string => mul(c, value, 1 / sizeOf(dims.slice(first)));
      const through = (): string => {
        let gradient = throughStatistics(c, mul(c, dy, c.input(1)), x, axes);
        const [dMean, dr] = [c.dy(1), c.dy(2)];
        if (dMean !== undefined) gradient = add(c, gradient, perElement(dMean));
        if (dr !== undefined) gradient = sub(c, gradient, mul(c, x.xHat, perElement(mul(c, dr, mul(c, r, r)))));
        return gradient;
      };
      return [
        c.needs(0) && through(),
        c.needs(1) && unbroadcast(c, mul(c, dy, x.xHat), dims, c.dims(c.input(1))),
        c.needs(2) && unbroadcast(c, dy, dims, c.dims(c.input(2))),
      ];
    },
  },
  {
    op: 'InstanceNormalization',
    attributes: ['epsilon'],
    gradient(c, dy) {
      const dims = c.dims(c.input(0));
      const x = standardised(c, spatialAxes(dims), c.float('epsilon', 1e-5));
      const others = [0, ...spatialAxes(dims)];
      return [
        c.needs(0) && throughStatistics(c, mul(c, dy, perChannel(c, c.input(1), dims)), x, spatialAxes(dims)),
        c.needs(1) && reduceSum(c, mul(c, dy, x.xHat), others, 0),
        c.needs(2) && reduceSum(c, dy, others, 0),
      ];
    },
  },
  {
    op: 'BatchNormalization',
    attributes: ['epsilon', 'momentum', 'training_mode'],
    inputs: [0, 1, 2],
    // With stored statistics x̂ is linear in x; in training mode they are those of the batch.
    gradient(c, dy) {
      const dims = c.dims(c.input(0));
      const others = [0, ...spatialAxes(dims)];
      const epsilon = c.float('epsilon', 1e-5);
      const training = c.int('training_mode', 0) === 1;
      const [scale, , storedMean, storedVariance] = [1, 2, 3, 4].map((i) => c.input(i)) as [
        string,
        string,
        string,
        string,
      ];
      const stored = (): { xHat: string; r: string } => {
        const r = perChannel(c, inverseDeviation(c, storedVariance, epsilon), dims);
        return { xHat: mul(c, sub(c, c.input(0), perChannel(c, storedMean, dims)), r), r };
      };
      const x = training ? standardised(c, others, epsilon) : stored();
      const g = mul(c, dy, perChannel(c, scale, dims));
      return [
        c.needs(0) && (training ? throughStatistics(c, g, x, others) : mul(c, g, x.r)),
        c.needs(1) && reduceSum(c, mul(c, dy, x.xHat), others, 0),
        c.needs(2) && reduceSum(c, dy, others, 0),
      ];
    },
  },
  {
    op: 'Dropout',
    attributes: ['seed'],
    inputs: [0],
    // What is kept is scaled by 1/(1 − ratio); outside training everything is.
    gradient(c, dy) {
      const training =
        c.input(2) !== '' && (c.constant(c.input(2)) ?? c.refuse('a training_mode that is not constant')).data[0];
      if (training !== 1) return [dy];
      const ratio = c.input(1) === '' ? c.scalar(0.5) : c.input(1);
      return [where(c, c.needOutput(1), div(c, dy, sub(c, 1, ratio)), 0)];
    },
  },
];
