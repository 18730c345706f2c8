import { sgd } from '@anneal/onnx';
import { createTrainer } from '@anneal/onnxruntime-web';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadOnnxruntimeWeb } from '../../src/learners/onnxruntime-web/loadOnnxruntimeWeb.ts';
import { loadTfjs } from '../../src/learners/tfjs/loadTfjs.ts';
import { openForward } from '../../src/learners/tfjs/forward.ts';
import type { Tfjs } from '../../src/learners/tfjs/operators/operator.ts';
import { smallModels } from './models.ts';

const updates = 6;
const rate = 0.1;
/** Rounding of some thousand float32 operations in another order, relative to values of about 1. */
const tolerance = 2e-5;

describe.each(['cpu', 'wasm'] as const)('on %s, a model trains as on the trainer of onnxruntime-web:', (device) => {
  let tf: Tfjs;
  let ort: Awaited<ReturnType<typeof loadOnnxruntimeWeb>>;
  beforeAll(async () => {
    tf = await loadTfjs(device);
    ort = await loadOnnxruntimeWeb();
  });

  test.each(smallModels.map((small) => [small.name, small] as const))('%s', async (_, { model, loss, batch }) => {
    const before = tf.memory().numTensors;
    const trainer = await createTrainer(ort, model, { loss, optimizer: sgd(), plan: rate, batch: batch(0), seed: 9 });
    const expected = await trainer.run(Array.from({ length: updates }, (__, step) => batch(step)));

    const forward = openForward(tf, model, { loss, batch: batch(0), seed: 9 });
    const initial = new Map([...forward.parameters, ...forward.statistics]);
    const variables = new Map(
      [...initial].map(([name, { data, dims }]) => [
        name,
        tf.tidy(() => tf.variable(tf.tensor(data as Float32Array, [...dims]))),
      ]),
    );
    const trained = [...forward.parameters.keys()].map((name) => variables.get(name)!);
    const optimizer = tf.train.sgd(rate);
    const losses: number[] = [];
    for (let step = 0; step < updates; step += 1) {
      const cost = tf.tidy((): Tensor =>
        optimizer.minimize(
          () => {
            const result = forward.loss(variables, batch(step), { step, batch: 0 });
            for (const [name, next] of result.statistics) variables.get(name)!.assign(next);
            return result.loss;
          },
          true,
          trained,
        )!,
      );
      losses.push((await cost.data())[0]!);
      cost.dispose();
    }

    losses.forEach((value, step) =>
      expect(Math.abs(value - expected.losses[step]!), `loss ${step}`).toBeLessThan(tolerance),
    );
    expect([...forward.parameters.keys()].sort()).toEqual([...trainer.parameters].sort());
    for (const [name, variable] of variables) {
      const [found, other] = [await variable.data(), trainer.parameter(name)];
      other.forEach((value, i) => expect(Math.abs(found[i]! - value), `${name} ${i}`).toBeLessThan(tolerance));
    }
    const inputs = Object.fromEntries(
      Object.entries(batch(99)).filter(([name]) => model.graph.inputs.some((input) => input.name === name)),
    );
    const [mine, theirs] = [await forward.predict(variables, inputs), await trainer.predict(inputs)];
    for (const [name, { data, dims }] of Object.entries(theirs)) {
      expect(mine[name]!.dims).toEqual(dims);
      (data as Float32Array).forEach((value, i) =>
        expect(Math.abs((mine[name]!.data as Float32Array)[i]! - value)).toBeLessThan(tolerance),
      );
    }

    await trainer.dispose();
    forward.dispose();
    optimizer.dispose();
    tf.dispose([...variables.values()] as Tensor[]);
    expect(tf.memory().numTensors, 'nothing is left behind').toBe(before);
  });
});
