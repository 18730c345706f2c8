import { adamW, float32, GraphBuilder, meanSquaredError, sgd, type Model } from '@anneal/onnx';
import { describe, expect, test } from 'vitest';
import { createTrainer, type Batch, type TrainerOptions, type Trainer } from '../src/index.ts';
import { ort } from './ort.ts';

const filled = (
  dims: readonly number[],
  of: (i: number) => number,
): { data: Float32Array; dims: readonly number[] } => ({
  data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => of(i)),
  dims,
});
const tensor = (dims: readonly number[], of: (i: number) => number): ReturnType<typeof float32> =>
  float32(dims, filled(dims, of).data);

/** (x − mean)/std before a layer, as exporters write it with registered buffers. */
function prepared(): Model {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['batch', 3]);
  const mean = g.parameter('mean', float32([3], [0.485, 0.456, 0.406]));
  const std = g.parameter('std', float32([3], [0.229, 0.224, 0.225]));
  const spare = g.parameter('spare.weight', tensor([3, 2], Math.sin));
  const scaled = g.op('Div', [g.op('Sub', [x, mean]), std]);
  g.output('output', g.op('MatMul', [scaled, g.parameter('a.weight', tensor([3, 2], Math.cos))]));
  g.output('other', g.op('MatMul', [scaled, spare]));
  return g.model();
}

/** Group normalisation as an instance normalisation with ones and zeros in `Constant` nodes. */
function grouped(): Model {
  const g = new GraphBuilder();
  const weights = [
    g.parameter('0.weight', tensor([4, 4, 3], Math.sin)),
    g.parameter(
      '0.bias',
      tensor([4], () => 0.1),
    ),
  ];
  const conv = g.op('Conv', [g.input('x', 'float32', ['batch', 4, 6]), ...weights]);
  const [ones, zeros] = [1, 0].map((value) => g.op('Constant', [], { value: float32([2], [value, value]) }));
  const normal = g.op('InstanceNormalization', [g.op('Reshape', [conv, g.list([0, 2, -1])]), ones!, zeros!]);
  g.output('output', g.op('Reshape', [normal, g.op('Shape', [conv])]));
  return g.model();
}

const batches: Readonly<Record<'prepared' | 'grouped', Batch>> = {
  prepared: { x: filled([4, 3], (i) => (i % 7) / 7), target: filled([4, 2], (i) => i % 3) },
  grouped: { x: filled([2, 4, 6], Math.sin), target: filled([2, 4, 4], Math.cos) },
};
const make = (model: Model, batch: Batch, options: Partial<TrainerOptions> = {}): Promise<Trainer> =>
  createTrainer(ort, model, {
    loss: meanSquaredError(),
    optimizer: adamW(),
    plan: { learningRate: 1e-2, weightDecay: 0.1 },
    batch,
    ...options,
  });

describe('what is trained by default', () => {
  test('are weights and biases, and the rest is told with its reasons', async () => {
    const trainer = await make(prepared(), batches.prepared);
    expect(trainer.parameters).toEqual(['a.weight']);
    expect(trainer.untrained).toEqual([
      { name: 'mean', reason: 'it is the mean of Sub ("Sub")' },
      { name: 'std', reason: 'it is the divisor of Div ("Div")' },
      { name: 'spare.weight', reason: 'the loss does not depend on it' },
    ]);
    expect(trainer.warnings).toEqual([]);
    expect((await make(grouped(), batches.grouped)).parameters).toEqual(['0.weight', '0.bias']);
  });

  test('can be said otherwise', async () => {
    const trainer = await make(prepared(), batches.prepared, { optimizer: sgd(), trainable: /^(mean|a)/ });
    expect(trainer.parameters).toEqual(['mean', 'a.weight']);
    expect(trainer.untrained).toEqual([
      { name: 'std', reason: 'it is the divisor of Div ("Div")' },
      { name: 'spare.weight', reason: 'the option trainable does not select it' },
    ]);
    const { losses } = await trainer.run(Array(20).fill(batches.prepared));
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
    expect(trainer.parameter('mean')[0]).not.toBe(Math.fround(0.485));
  });

  test('is nothing in a model without a parameter, which is told', async () => {
    const g = new GraphBuilder();
    g.output('output', g.op('Mul', [g.input('x', 'float32', ['batch', 3]), g.parameter('k', float32([3], [1, 2, 3]))]));
    await expect(make(g.model(), { x: filled([2, 3], Math.sin), target: filled([2, 3], Math.cos) })).rejects.toThrow(
      'trainable: nothing is trained by it: by default it selects no float32 initializer; the model has k ' +
        '(Mul ("Mul") stands before the first layer, where inputs are scaled)',
    );
  });
});
