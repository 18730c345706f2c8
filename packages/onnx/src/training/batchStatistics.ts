import { add, inverseDeviation, mul, perChannel, reduceMean, reshape, spatialAxes, sub } from '../graph/arithmetic.ts';
import type { GraphBuilder } from '../graph/graphBuilder.ts';
import { sizeOf, type Tensor } from '../graph/tensor.ts';
import type { Lowering } from '../lowering/lowering.ts';
import { OnnxError } from '../onnxError.ts';

/** A running statistic of a batch normalisation: an initializer of the model that became an input of the graph. */
export interface RunningStatistic {
  readonly name: string;
  /** The value after the batch. */
  readonly next: string;
  readonly initial: Tensor;
  /** Scale and bias of its layer. */
  readonly layer: readonly [scale: string, bias: string];
}

/**
 * Batch normalisation as it is while training (Ioffe & Szegedy 2015), for nodes whose scale or bias is trained: y = (x − μ)/√(σ² + ε)·scale +
 * bias with mean and variance of the batch, per channel over its n elements; running ← m·running + (1 − m)·batch, where the variance
 * counts n/(n − 1) times, as PyTorch keeps it.
 *
 * m is the attribute `momentum` of the operator (https://onnx.ai/onnx/operators/onnx__BatchNormalization.html), 1 − the momentum of PyTorch
 * (https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html). The running statistics become inputs of the graph and are
 * added to `statistics`; they have to be the layer's own, see `ownStatistics`.
 */
export const batchStatistics = (graph: GraphBuilder, statistics: RunningStatistic[]): Lowering => ({
  op: 'BatchNormalization',
  attributes: ['epsilon', 'momentum', 'training_mode'],
  lower(c) {
    if (!c.needs(1) && !c.needs(2)) return undefined;
    const [x, scale, bias] = [c.input(0), c.input(1), c.input(2)];
    const [batch, channels, ...spatial] = c.dims(x) as [number, number, ...number[]];
    const axes = [0, ...spatialAxes(c.dims(x))];
    const n = batch * sizeOf(spatial);
    if (n < 2) {
      const shape = c.dims(x).join(', ');
      throw new OnnxError(
        'argument',
        c.node.op,
        `training needs more than one element per channel; received [${shape}]`,
      );
    }
    const mean = (value: string): string => reduceMean(c, value, axes);
    const wide = (value: string): string => perChannel(c, value, c.dims(x));

    const mu = mean(x);
    const centered = sub(c, x, mu);
    const variance = mean(mul(c, centered, centered));
    const r = inverseDeviation(c, variance, c.float('epsilon', 1e-5));
    const y = add(c, mul(c, centered, mul(c, r, wide(scale))), wide(bias));

    // The decimal that the float32 of the file stands for: 0.9, so that 1 − m is 0.1.
    const m = Number(c.float('momentum', 0.9).toPrecision(7));
    const follow = (name: string, observed: string): string => {
      const initial =
        graph.initializers.get(name) ?? c.refuse('running statistics that are no initializers of their own');
      graph.initializers.delete(name);
      graph.inputs.push({ name, type: 'float32', dims: initial.dims });
      const next = add(c, mul(c, name, m), mul(c, reshape(c, observed, [channels]), 1 - m));
      statistics.push({ name, next, initial, layer: [scale, bias] });
      return next;
    };
    return [y, follow(c.input(3), mu), follow(c.input(4), mul(c, variance, n / (n - 1)))];
  },
});
