import { momentum, type Loss, type Model } from '@anneal/onnx';
import { writeSafetensors } from '@anneal/safetensors';
import { createTrainer, type Batch } from '../src/index.ts';
import { readFloat32File } from './float32File.ts';
import { ort } from './ort.ts';

/**
 * The slope of a loss by central differences, (L(w + εd) − L(w − εd))/2ε, as a share of what the gradients say, Σ‖gₚ‖: 1 but for O(ε²) and rounding.
 * The direction d is gₚ/‖gₚ‖ in each parameter p, so that all of them count, however small their gradients. Those that the loss does
 * not depend on (‖gₚ‖ = 0) stay as they are.
 *
 * Batch normalisation uses its stored statistics, as these batches are small.
 *
 * @param change ε·Σ‖gₚ‖, as a share of the loss.
 */
export async function slopeShare(model: Model, loss: Loss, batch: Batch, change: number): Promise<number> {
  const options = { loss, optimizer: momentum(), plan: 0, batch, batchNormalization: 'stored' } as const;
  const trainer = await createTrainer(ort, model, options);
  // At a rate of 0 an update leaves the weights, and g in the buffer of momentum.
  const { losses } = await trainer.run([batch]);
  const { tensors, metadata } = readFloat32File(await trainer.save());
  const directions = trainer.parameters.map((name) => {
    const { data: g } = tensors.get(`optimizer/momentum_buffer/${name}`)!;
    return { name, g, norm: Math.sqrt(g.reduce((sum, value) => sum + value * value, 0)) };
  });
  const slope = directions.reduce((sum, { norm }) => sum + norm, 0);
  const epsilon = (change * losses[0]!) / slope;
  const at = async (step: number): Promise<number> => {
    const moved = new Map(tensors);
    for (const { name, g, norm } of directions) {
      const { dtype, dims, data } = tensors.get(name)!;
      if (norm > 0) moved.set(name, { dtype, dims, data: data.map((value, i) => value + (step * g[i]!) / norm) });
    }
    await trainer.load(writeSafetensors({ tensors: moved, metadata }));
    return (await trainer.run([batch])).losses[0]!;
  };
  const share = ((await at(epsilon)) - (await at(-epsilon))) / (2 * epsilon * slope);
  await trainer.dispose();
  return share;
}
