import type { Plan } from '@anneal/core';
import { writeSafetensors } from '@anneal/safetensors';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bindOptimizer, type Binding } from '../src/index.ts';
import { decoupledWeightDecay, parameterGroups } from '../src/ops/index.ts';
import {
  loadTraining,
  saveTraining,
  snapshotTraining,
  trainingFromBytes,
  trainingToBytes,
  type Training,
} from '../src/training/index.ts';
import { backends, useBackend } from './backend.ts';
import { makeModel, weightsOf } from './mlp.ts';
import { numbersOf } from './numbers.ts';
import { cases, epsilon } from './optimizers.ts';
import { refusal } from './refusal.ts';
import { beta1, begin, go, learningRate, tracksOf, type Trained } from './trained.ts';

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(cases)('$name saved and loaded goes on bit for bit', async ({ name, make }) => {
    const tracks = tracksOf[name] ?? {};
    const whole = begin(make, tracks);
    await go(whole, 0, 12);
    const bytes = await trainingToBytes(whole);
    await go(whole, 12, 20);

    const resumed = begin(make, tracks, 77);
    trainingFromBytes(bytes, resumed);
    expect(resumed.binding.step).toBe(12);
    await go(resumed, 12, 20);
    expect(await weightsOf(resumed.model)).toEqual(await weightsOf(whole.model));
    expect(resumed.binding.learningRate).toBe(whole.binding.learningRate);
    expect(resumed.binding.state()).toEqual(whole.binding.state());
    // The plateau has acted, so its state mattered.
    expect(whole.binding.learningRate).toBeLessThan(learningRate(19) * 0.9);
    whole.dispose();
    resumed.dispose();
  });
});

describe('beside the bits', () => {
  beforeAll(() => useBackend());
  const trained: Trained[] = [];
  afterEach(() => trained.splice(0).forEach((one) => one.dispose()));
  const adam = (): tf.Optimizer => tf.train.adam(1, 0.9, 0.999, epsilon);
  const fresh = (make = adam, tracks: Partial<Plan> = { beta1 }): Trained => {
    const one = begin(make, tracks);
    trained.push(one);
    return one;
  };

  test('saving, loading and snapshots leave no tensor behind', async () => {
    const one = fresh();
    await go(one, 0, 3);
    const { numTensors } = tf.memory();
    const bytes = await trainingToBytes(one);
    trainingFromBytes(bytes, one);
    const snapshot = snapshotTraining(one);
    snapshot.restore();
    snapshot.restore();
    snapshot.dispose();
    expect(tf.memory().numTensors).toBe(numTensors);
    await go(one, 3, 5);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  test('a snapshot does not follow the weights, and brings everything back', async () => {
    const one = fresh();
    await go(one, 0, 4);
    const then = [await weightsOf(one.model), one.binding.state()];
    const snapshot = snapshotTraining(one);
    await go(one, 4, 9);
    const later = await weightsOf(one.model);
    snapshot.restore();
    expect([await weightsOf(one.model), one.binding.state()]).toEqual(then);
    await go(one, 4, 9);
    expect(await weightsOf(one.model)).toEqual(later);
    snapshot.dispose();
  });

  test("through a handler of tfjs's own, with parts", async () => {
    let stored: tf.io.ModelArtifacts | undefined;
    const shelf: tf.io.IOHandler = {
      save: async (artifacts) => {
        stored = JSON.parse(JSON.stringify({ ...artifacts, weightData: undefined })) as tf.io.ModelArtifacts;
        stored.weightData = artifacts.weightData!;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      },
      load: async () => stored!,
    };
    const counter = (): { value: number; state(): number; restore(state: unknown): void } => ({
      value: 0,
      state() {
        return this.value;
      },
      restore(state) {
        this.value = state as number;
      },
    });
    const whole = fresh();
    await go(whole, 0, 6);
    const cursor = counter();
    cursor.value = 41;
    await saveTraining(shelf, { ...whole, parts: { cursor } });
    await go(whole, 6, 9);

    const resumed = fresh();
    const place = counter();
    await loadTraining(shelf, { ...resumed, parts: { cursor: place } });
    await go(resumed, 6, 9);
    expect(place.value).toBe(41);
    expect(await weightsOf(resumed.model)).toEqual(await weightsOf(whole.model));
    await expect(loadTraining(shelf, resumed)).rejects.toThrow(
      'the part "cursor" stands in what was saved and not in the training',
    );
  });

  test('what is saved is the training at the moment of the call', async () => {
    const one = fresh();
    await go(one, 0, 3);
    const now = await weightsOf(one.model);
    const saving = trainingToBytes(one);
    await go(one, 3, 6);
    trainingFromBytes(await saving, one);
    expect(await weightsOf(one.model)).toEqual(now);
    expect(one.binding.step).toBe(3);
  });

  test('what does not belong together is refused, and nothing is written', async () => {
    const saved = fresh();
    await go(saved, 0, 3);
    const bytes = await trainingToBytes(saved);
    const refused = (training: Training, given: Uint8Array = bytes): string => {
      const before = tf.memory().numTensors;
      const sentence = refusal(() => trainingFromBytes(given, training));
      expect(tf.memory().numTensors).toBe(before);
      return sentence;
    };
    const sgd = fresh(() => tf.train.sgd(1), {});
    const untouched = await weightsOf(sgd.model);
    expect(refused(sgd)).toBe('loadTraining: the training was saved with Adam; the optimizer is SGD');
    expect(await weightsOf(sgd.model)).toEqual(untouched);
    expect(refused(fresh(() => tf.train.adam(1, 0.9, 0.999, 1e-4)))).toBe(
      'loadTraining: epsilon of Adam was 1e-7 when saved and is 0.0001 now',
    );
    expect(refused(fresh(adam, {}))).toContain('choose onPlanChange');
    expect(refused({ ...fresh(), weights: [] })).toBe('loadTraining: 8 variables were saved; the model has 0');
    const averaged = makeModel();
    averaged.compile({ optimizer: adam(), loss: 'meanSquaredError' });
    const hooks = [decoupledWeightDecay()];
    const binding = bindOptimizer(averaged.optimizer, { learningRate, weightDecay: 0.1 }, { hooks });
    expect(refused({ weights: averaged, binding })).toBe(
      'loadTraining: the hooks were none when saved and are decoupledWeightDecay now',
    );
    averaged.dispose();
    const shelf = tf.io.fromMemory({ modelTopology: { version: 1 }, weightSpecs: [], weightData: new ArrayBuffer(0) });
    await expect(loadTraining(shelf, fresh())).rejects.toThrow('what is stored there is not a training');
    const none = 'trainingFromBytes: these are no bytes of trainingToBytes';
    expect(refused(fresh(), writeSafetensors({ tensors: new Map(), metadata: new Map() }))).toBe(none);
    const cut = (end: number): string => refused(fresh(), bytes.slice(0, end));
    expect(cut(3)).toBe(`${none}: the file has 3 bytes; the length of its header alone takes 8`);
    expect(cut(2000)).toMatch(new RegExp(`^${none}: the header should have \\d+ bytes; 1992 are there$`));
    expect(cut(-8)).toMatch(new RegExp(`^${none}: the tensors take \\d+ bytes; \\d+ follow the header$`));
    await expect(saveTraining('nowhere://x', saved)).rejects.toThrow('nothing here can save "nowhere://x"');
  });

  test('the bytes are a safetensors file', async () => {
    const one = fresh();
    const bytes = await trainingToBytes(one);
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<
      string,
      { data_offsets: [number, number] }
    >;
    const { __metadata__, ...entries } = header;
    expect(__metadata__).toBeDefined();
    expect((8 + length) % 8).toBe(0);
    // Offsets cover the data without gap or overlap, as the format demands.
    let end = 0;
    for (const { data_offsets } of Object.values(entries)) {
      expect(data_offsets[0]).toBe(end);
      end = data_offsets[1];
    }
    expect(8 + length + end).toBe(bytes.length);
  });

  test('parameter groups with weight decay, a group that joined late included', async () => {
    const plan: Plan = { learningRate, weightDecay: 0.1, beta1, groups: { head: { learningRate: 0.05 } } };
    let made = 0;
    const start = (): { variables: tf.Variable[]; binding: Binding; optimizer: tf.Optimizer } => {
      const variables = ['body', 'head'].map((name) => tf.variable(tf.tensor1d([1, -1]), true, `${name}${made++}`));
      const optimizer = parameterGroups({ optimizer: adam, groups: { head: /^head/ } });
      return { variables, optimizer, binding: bindOptimizer(optimizer, plan, { hooks: [decoupledWeightDecay()] }) };
    };
    const update = ({ variables, optimizer }: ReturnType<typeof start>, t: number): void =>
      tf.tidy(() =>
        optimizer.applyGradients(
          variables
            .slice(0, t < 3 ? 1 : 2)
            .map(({ name }, i) => ({ name, tensor: tf.tensor1d([Math.sin(t + i), Math.cos(t - i)]) })),
        ),
      );
    const whole = start();
    for (let t = 0; t < 6; t++) update(whole, t);
    const bytes = await trainingToBytes({ weights: whole.variables, binding: whole.binding });
    const resumed = start();
    const { numTensors } = tf.memory();
    trainingFromBytes(bytes, { weights: resumed.variables, binding: resumed.binding });
    trainingFromBytes(bytes, { weights: resumed.variables, binding: resumed.binding });
    // Two slots for each of the two variables; the second optimizer's two products.
    expect(tf.memory().numTensors - numTensors).toBe(4 + 2);
    for (let t = 6; t < 12; t++) [whole, resumed].forEach((one) => update(one, t));
    const numbers = ({ variables }: ReturnType<typeof start>): Promise<number[][]> =>
      Promise.all(variables.map(numbersOf));
    expect(await numbers(resumed)).toEqual(await numbers(whole));
    expect(resumed.binding.state()).toEqual(whole.binding.state());
    for (const { variables, optimizer } of [whole, resumed]) {
      tf.dispose(variables);
      optimizer.dispose();
    }
  });
});
