import { adam, sgd, softmaxCrossEntropy } from '@anneal/onnx';
import { describe, expect, test } from 'vitest';
import { createTrainer, type Batch, type Trainer, type TrainerOptions } from '../src/index.ts';
import { batches, mlp } from './mlp.ts';
import { ort } from './ort.ts';

const [batch] = batches(1, 16, 8, 4) as [Batch];
const model = mlp([8, 16, 4]);
const options: TrainerOptions = { loss: softmaxCrossEntropy(), optimizer: sgd(), plan: 0.1, batch };

const refused = async (making: () => Promise<unknown>): Promise<string> => {
  const error = await making().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: 'argument' });
  return (error as Error).message;
};

describe('createTrainer refuses', () => {
  const made = (change: object): (() => Promise<Trainer>) => {
    return () => createTrainer(ort, model, { ...options, ...change });
  };
  test.each([
    ['an unknown option', { epochs: 3 }, /^createTrainer: unknown option "epochs"; known: loss, optimizer, plan/],
    ['a rate', { learningRate: 0.1 }, /unknown option "learningRate", write plan; known/],
    ['a rate as PyTorch calls it', { lr: 0.1 }, /unknown option "lr", write plan; known/],
    ['a clipping as others call it', { max_grad_norm: 1 }, /unknown option "max_grad_norm", write clip; known/],
    ['a misspelt one', { stepPerCall: 1 }, /unknown option "stepPerCall", write stepsPerCall; known/],
    ['a loss that was not made', { loss: undefined }, /^loss: it must be a loss, such as softmaxCrossEntropy\(\)/],
    [
      'an optimizer that was not called',
      { optimizer: adam },
      /^optimizer: .* such as adam\(\); .* perhaps not called$/,
    ],
    ['an optimizer by its name', { optimizer: 'adam' }, /^optimizer: it must be an optimizer.*; received "adam"$/],
    ['no batch', { batch: undefined }, /^batch: it must be a batch/],
    ['a device that there is not', { device: 'gpu' }, /^device: it must be "cpu" or "webgpu"; received "gpu"$/],
    ['a name for a choice', { trainable: 'fc1' }, /trainable must be a regular expression, a list .*; received "fc1"$/],
    ['a name for a group', { groups: { head: 'fc2' } }, /head must be a regular expression, a list .*received "fc2"$/],
    ['an unknown clipping', { clip: { norm: 1 } }, /^clip: unknown option "norm".*; known: value, globalNorm$/],
    ['an unknown average', { average: { beta: 0.9 } }, /^average: unknown option "beta"; known: decay, from, every$/],
  ])('%s', async (_, change, message) => expect(await refused(made(change))).toMatch(message));

  test('positional arguments, no options, no model and no runtime', async () => {
    const call = createTrainer as (...all: readonly unknown[]) => Promise<Trainer>;
    expect(await refused(() => call(ort, model, softmaxCrossEntropy(), sgd(), 0.1))).toMatch(
      /^options: it must be an object \{ loss, .* \}; received a function$/,
    );
    expect(await refused(() => call(ort, model))).toMatch(/^options: it must be an object/);
    expect(await refused(() => call(ort, new ArrayBuffer(8), options))).toBe(
      'model: it is an ArrayBuffer; pass new Uint8Array(buffer)',
    );
    expect(await refused(() => call(ort, 'model.onnx', options))).toMatch(/bytes of an .onnx file.*"model.onnx"$/);
    expect(await refused(() => call(ort, Promise.resolve(model), options))).toMatch(/received a promise, not awaited$/);
    expect(await refused(() => call({}, model, options))).toMatch(/^ort: it must be onnxruntime itself/);
  });
});

test('a trainer refuses what are no batches, and options that it does not know', async () => {
  const trainer = await createTrainer(ort, model, options);
  const run = trainer.run.bind(trainer) as (...all: readonly unknown[]) => Promise<unknown>;
  expect(await refused(() => run(5))).toBe(
    'run: batches must be an array of batches, or another iterable of them; received 5',
  );
  expect(await refused(() => run(batch))).toMatch(
    /received an object; a single batch stands in a list: run\(\[batch\]\)$/,
  );
  expect(await refused(() => run())).toMatch(/received undefined$/);
  expect(await refused(() => run([batch], 5))).toMatch(/^options: it must be an object \{ signal, .* \}; received 5$/);
  expect(await refused(() => run([batch], { epochs: 2 }))).toMatch(/^run: unknown option "epochs"; known: signal/);
  const weights = { weigths: 'average' } as never;
  expect(await refused(() => trainer.predict(batch, weights))).toMatch(/unknown option "weigths", write weights/);
  expect(await refused(() => trainer.unfreeze('fc1' as never))).toMatch(/^unfreeze: it must be a regular expression/);
  expect(trainer.scheduler.step).toBe(0);
  expect(await run([batch])).toMatchObject({ updates: 1 });
});
