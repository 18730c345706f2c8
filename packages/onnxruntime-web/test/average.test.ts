import { cosineDecay } from '@anneal/core';
import { adam, readModel, softmaxCrossEntropy } from '@anneal/onnx';
import { expect, test } from 'vitest';
import { createTrainer, type AverageOptions, type Trainer, type TrainerOptions } from '../src/index.ts';
import { batches, mlp } from './mlp.ts';
import { ort } from './ort.ts';

const steps = 30;
const data = batches(steps, 16, 8, 4);
const make = (options: Partial<TrainerOptions> = {}): Promise<Trainer> =>
  createTrainer(ort, mlp([8, 16, 4]), {
    loss: softmaxCrossEntropy(),
    optimizer: adam(),
    plan: cosineDecay({ initValue: 0.05, decaySteps: steps }),
    batch: data[0]!,
    ...options,
  });
const name = 'fc1.weight';

/** Averages in double precision as their definitions say them: sums with weights, not running updates. */
const references: [string, AverageOptions, (at: number) => number[]][] = [
  ['the mean', {}, (at) => Array<number>(at).fill(1)],
  ['a moving average', { decay: 0.9 }, (at) => Array.from({ length: at }, (_, i) => 0.9 ** (at - 1 - i))],
  [
    'the mean of cycles after a start',
    { from: 10, every: 5 },
    (at) => Array.from({ length: at }, (_, i) => (i + 1 >= 10 && (i + 1 - 10) % 5 === 0 ? 1 : 0)),
  ],
  [
    'a moving average of every third',
    { decay: 0.5, every: 3 },
    (at) => Array.from({ length: at }, (_, i) => ((i + 1) % 3 === 0 ? 0.5 ** ((at - (at % 3) - (i + 1)) / 3) : 0)),
  ],
];

test.each(references)(
  '%s of the trained weights agrees with its definition in double precision',
  async (_, average, of) => {
    const trainer = await make({ average });
    const trained: Float32Array[] = [];
    for (let step = 0; step < steps; step++) {
      await trainer.run([data[step]!]);
      trained.push(trainer.parameter(name));
      const weights = of(step + 1);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const found = trainer.parameter(name, { weights: 'average' });
      if (total === 0) {
        expect(found).toEqual(trainer.parameter(name));
        continue;
      }
      found.forEach((value, i) => {
        const expected = weights.reduce((sum, weight, k) => sum + (weight / total) * trained[k]![i]!, 0);
        // Each of up to 30 updates rounds to float32 at size 2.
        expect(Math.abs(value - expected)).toBeLessThan(30 * 1.2e-7);
      });
    }
  },
);

test('training itself does not change, and the bits are those of any calls and of a training that was killed', async () => {
  const average = { decay: 0.9, from: 4 };
  const [plain, one, eight, rest] = [
    await make(),
    await make({ average, stepsPerCall: 1 }),
    await make({ average }),
    await make({ average }),
  ];
  await plain.run(data);
  await one.run(data);
  expect(one.parameter(name)).toEqual(plain.parameter(name));
  await eight.run(data.slice(0, 11));
  await rest.load(await eight.save());
  await rest.run(data.slice(11));
  expect(await rest.save()).toEqual(await one.save());
});

test('predictions, evaluation and the exported file take the average where it is asked for', async () => {
  const trainer = await make({ average: {} });
  await trainer.run(data);
  const bytes = await trainer.export({ weights: 'average' });
  const found = readModel(bytes).graph.initializers.get(name)!.data;
  expect(found).toEqual(trainer.parameter(name, { weights: 'average' }));
  expect(found).not.toEqual(trainer.parameter(name));
  const session = await ort.InferenceSession.create(bytes);
  const x = data[0]!['x']!;
  const { logits } = await session.run({ x: new ort.Tensor('float32', x.data as Float32Array, x.dims) });
  expect((await trainer.predict({ x }, { weights: 'average' }))['logits']!.data).toEqual(logits!.data);
  expect((await trainer.evaluate(data[0]!, { weights: 'average' })).outputs['logits']!.data).toEqual(logits!.data);
  expect((await trainer.predict({ x }))['logits']!.data).not.toEqual(logits!.data);
});

test('what is wrong is refused with a sentence', async () => {
  await expect(make({ average: { decay: 1 } })).rejects.toThrow(
    'average: decay must be a number >= 0 and < 1; received 1',
  );
  await expect(make({ average: { from: -1 } })).rejects.toThrow('from must be an integer >= 0; received -1');
  await expect(make({ average: { every: 0 } })).rejects.toThrow('every must be an integer >= 1; received 0');
  const trainer = await make();
  expect(() => trainer.parameter(name, { weights: 'average' })).toThrow('no average is kept');
  expect(() => trainer.parameter(name, { weights: 'mean' as never })).toThrow('"trained" or "average"; received mean');
});
