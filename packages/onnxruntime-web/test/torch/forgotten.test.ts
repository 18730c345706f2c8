import { readFileSync } from 'node:fs';
import { adamW, meanSquaredError, momentum, readModel, sgd } from '@anneal/onnx';
import { describe, expect, test } from 'vitest';
import { createTrainer, type Batch, type Trainer, type TrainerOptions } from '../../src/index.ts';
import { ort } from '../ort.ts';

interface Case {
  readonly x: readonly (readonly number[])[];
  /** The shape of the output. */
  readonly output: readonly number[];
  readonly losses: readonly number[];
  /** The file, in base 64. */
  readonly model: string;
}

/** Recorded by tools/reference/onnx_forgotten.py. */
const { cases } = JSON.parse(readFileSync(new URL('fixtures/forgotten.json', import.meta.url), 'utf8')) as {
  readonly cases: Readonly<Record<'padding' | 'detached', Case>>;
};

function batchOf({ x, output }: Case, kind: keyof typeof cases): Batch {
  const values = x.flat();
  const dims = [x.length, x[0]!.length];
  const data = kind === 'padding' ? BigInt64Array.from(values, BigInt) : Float32Array.from(values);
  const target = Float32Array.from({ length: output.reduce((a, b) => a * b) }, (_, i) => Math.cos(1 + 2.3 * i));
  return { x: { data, dims }, target: { data: target, dims: output } };
}

const make = (kind: keyof typeof cases, options: Partial<TrainerOptions> = {}): Promise<Trainer> =>
  createTrainer(ort, readModel(Buffer.from(cases[kind].model, 'base64')), {
    loss: meanSquaredError(),
    optimizer: sgd(),
    plan: 0.05,
    batch: batchOf(cases[kind], kind),
    ...options,
  });
const runOf = async (kind: keyof typeof cases, trainer: Trainer): Promise<Float32Array> =>
  (await trainer.run(Array(6).fill(batchOf(cases[kind], kind)))).losses;

describe('what no file holds, said to the trainer, trains as in PyTorch:', () => {
  test.each([
    ['padding', { frozenRows: { 'e.weight': [0] } }],
    ['detached', { stopGradient: ['detach'] }],
  ] as const)('%s', async (kind, options) => {
    const { losses } = cases[kind];
    const found = await runOf(kind, await make(kind, options));
    // A few float32 units of the loss after six updates.
    losses.forEach((loss, step) => expect(Math.abs(found[step]! / loss - 1)).toBeLessThan(1e-6));
    // Without a word the second loss is another.
    const plain = await runOf(kind, await make(kind));
    expect(plain[0]).toBe(found[0]);
    expect(Math.abs(plain[1]! / losses[1]! - 1)).toBeGreaterThan(1e-4);
  });

  test.each([
    ['momentum', () => momentum()],
    ['weight decay', () => adamW({ weightDecay: 0.5 })],
  ])('frozen rows keep their bits under %s, and so do their averages', async (_, optimizer) => {
    const options = { optimizer: optimizer(), frozenRows: { 'e.weight': [0, 3] }, average: {}, plan: 0.5 };
    const trainer = await make('padding', options);
    const before = trainer.parameter('e.weight');
    await runOf('padding', trainer);
    for (const weights of ['trained', 'average'] as const) {
      const after = trainer.parameter('e.weight', { weights });
      for (const row of [0, 3]) expect(after.slice(3 * row, 3 * row + 3)).toEqual(before.slice(3 * row, 3 * row + 3));
      expect(after.slice(3, 6)).not.toEqual(before.slice(3, 6));
    }
  });

  test('frozen rows count for nothing in the norm that is clipped', async () => {
    const moved = async (options: Partial<TrainerOptions>): Promise<number[]> => {
      const trainer = await make('padding', { plan: 1, clip: { globalNorm: 0.1 }, ...options });
      const start = trainer.parameters.flatMap((name) => [...trainer.parameter(name)]);
      await trainer.run([batchOf(cases.padding, 'padding')]);
      return trainer.parameters.flatMap((name) => [...trainer.parameter(name)]).map((value, i) => value - start[i]!);
    };
    expect(Math.hypot(...(await moved({ frozenRows: { 'e.weight': [0] } })))).toBeCloseTo(0.1, 6);
  });

  test('refuses what the model does not have', async () => {
    await expect(make('padding', { frozenRows: { 'f.weight': [0] } })).rejects.toThrow(
      'frozenRows: the model has no parameter "f.weight"',
    );
    await expect(make('padding', { frozenRows: { 'e.weight': [6] } })).rejects.toThrow(
      'frozenRows: e.weight: its rows are 0 to 5; received 6',
    );
    await expect(make('detached', { stopGradient: ['detached'] })).rejects.toThrow(
      'stopGradient: no node computes a value named "detached", write detach',
    );
  });
});
