import { hyperparameters, toPlan, type GroupValues, type Hyperparameter, type Plan } from '@anneal/core';
import type { StoredTensor } from '@anneal/safetensors';
import { bindOptimizer, type BindingState, type BindOptions } from '@anneal/tfjs';
import type { Optimizer, Tensor } from '@tensorflow/tfjs-core';
import type { Batch, Values } from '../data/batch.ts';
import { float32Of, float32Part, pack, unpack } from '../data/container.ts';
import { LabError } from '../../labError.ts';
import type { Tfjs } from '../models/model.ts';
import { optimizers, type OptimizerName, type OptimizerSettings } from '../optimizers/optimizer.ts';
import type { LearnerOptions } from './learnerOptions.ts';
import type { Learner, Trained } from './learner.ts';
import { loadTfjs, type TfjsDevice } from './loadTfjs.ts';
import { restoreOptions } from './restoreOptions.ts';

export interface TfjsLearnerOptions extends LearnerOptions {
  readonly device: TfjsDevice;
  /** The learner's name in events; default `"tfjs"`. */
  readonly backend?: string;
}

let made = 0;

/** A learner that trains with an optimizer of TensorFlow.js, driven by a binding of @anneal/tfjs. */
export async function tfjsLearner(options: TfjsLearnerOptions): Promise<Learner> {
  const { device, backend = 'tfjs', setup, wasmPaths } = options;
  const tf = await loadTfjs(device, wasmPaths?.tfjs);
  const { model } = setup.task;
  const given = toPlan(options.plan);
  const plan = completed(given, setup.optimizer);
  const tracks = hyperparameters.filter((name) => given[name] !== undefined);
  const hooks = await hooksFor(setup.optimizer);

  // Variables are known to tfjs by name, once in a process; optimizers find them by it.
  made += 1;
  const variables = setup
    .initialWeights()
    .map((data, i) =>
      tf.tidy(() =>
        tf.variable(tf.tensor(data, [...model.parameters[i]!.shape]), true, `${made}/${model.parameters[i]!.name}`),
      ),
    );
  let optimizer = newOptimizer(tf, setup.optimizer);
  let binding = bindOptimizer(optimizer, plan, { hooks });

  const logits = (inputs: Tensor): Tensor => model.tfjs(tf, variables, inputs);
  const use = async (): Promise<void> => {
    if (tf.getBackend() !== device) await tf.setBackend(device);
  };

  async function update({ inputs, labels }: Batch): Promise<{ loss: number; applied: GroupValues }> {
    const cost = tf.tidy((): Tensor => {
      const x = tf.tensor(inputs.data, [...inputs.shape]);
      const target = tf.oneHot(tf.tensor1d(labels.data, 'int32'), model.outputShape[0]!);
      return optimizer.minimize(() => tf.losses.softmaxCrossEntropy(target, logits(x)), true, variables)!;
    });
    const [loss] = await cost.data();
    cost.dispose();
    const applied = await appliedBy(optimizer, tracks);
    return { loss: loss!, applied };
  }

  return {
    backend,
    get scheduler() {
      return binding.scheduler;
    },

    async train(batches, { signal } = {}): Promise<Trained> {
      await use();
      const losses: number[] = [];
      const applied: GroupValues[] = [];
      for (const batch of batches) {
        if (signal?.aborted === true) break;
        const done = await update(batch);
        if (!Number.isFinite(done.loss)) return { losses, applied, diverged: true };
        losses.push(done.loss);
        applied.push(done.applied);
        binding.report({ batchLoss: done.loss });
      }
      return { losses, applied };
    },

    async predict({ data, shape }: Values<Float32Array>): Promise<Float32Array> {
      await use();
      const out = tf.tidy(() => logits(tf.tensor(data, [...shape])));
      const values = (await out.data()) as Float32Array;
      out.dispose();
      return values;
    },

    async weights(): Promise<Float32Array[]> {
      await use();
      return Promise.all(variables.map(async (variable) => Float32Array.from(await variable.data())));
    },

    async save(): Promise<Uint8Array> {
      await use();
      const parts: Record<string, StoredTensor> = {};
      for (const [i, variable] of variables.entries()) parts[model.parameters[i]!.name] = await partOf(variable);
      const [iterations, ...slots] = await optimizer.getWeights();
      // The first is a tensor made for this call, the others are the optimizer's own.
      iterations?.tensor.dispose();
      for (const [i, { tensor }] of slots.entries()) parts[`slot/${i}`] = await partOf(tensor);
      const texts = {
        format: 'anneal-tfjs',
        iterations: String(optimizer.iterations),
        binding: JSON.stringify(binding.state()),
      };
      return pack({ texts, parts });
    },

    async load(bytes: Uint8Array): Promise<void> {
      await use();
      const { texts, parts } = unpack(bytes, 'the saved tfjs learner');
      if (texts['format'] !== 'anneal-tfjs')
        throw new LabError('checkpoint', 'what was saved is not a learner of the backend tfjs');
      const state = JSON.parse(texts['binding']!) as BindingState;
      const next = newOptimizer(tf, setup.optimizer);
      const tensors = Object.entries(parts)
        .filter(([name]) => name.startsWith('slot/'))
        .map(([name, part]) => ({ name, tensor: tf.tensor(float32Of(part), [...part.dims]) }));
      const iterations = tf.scalar(Number(texts['iterations']), 'int32');
      await next.setWeights([{ name: 'iter', tensor: iterations }, ...tensors]);
      tf.dispose([iterations, ...tensors.map(({ tensor }) => tensor)]);
      const rebound = bindOptimizer(next, plan, { hooks, state, ...restoreOptions(plan) });
      binding.detach();
      discard(optimizer);
      [optimizer, binding] = [next, rebound];
      variables.forEach((variable, i) => {
        const { name, shape } = model.parameters[i]!;
        tf.tidy(() => variable.assign(tf.tensor(float32Of(parts[name]!), [...shape])));
      });
    },

    async dispose(): Promise<void> {
      binding.detach();
      discard(optimizer);
      tf.dispose(variables);
    },
  };
}

async function partOf(tensor: Tensor): Promise<StoredTensor> {
  return float32Part(Float32Array.from(await tensor.data()), tensor.shape);
}

/**
 * The plan with a track for each hyperparameter that has one in the binding: then its state also keeps Adam's running
 * products of β, which tfjs's own saving recomputes.
 */
function completed(plan: Plan, name: OptimizerName): Plan {
  const settings: OptimizerSettings = optimizers[name];
  const own = (['beta1', 'beta2', 'weightDecay'] as const).flatMap((key) => {
    const value = plan[key] ?? settings[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return { ...plan, ...Object.fromEntries(own) };
}

function newOptimizer(tf: Tfjs, name: OptimizerName): Optimizer {
  const initial = 1; // The binding writes the plan's first rate before any update.
  switch (name) {
    case 'sgd':
      return tf.train.sgd(initial);
    case 'momentum':
      return tf.train.momentum(initial, optimizers.momentum.momentum);
    case 'rmsprop':
      return tf.train.rmsprop(initial, optimizers.rmsprop.decay, 0, optimizers.rmsprop.epsilon);
    case 'adam':
    case 'adamw': {
      const { beta1, beta2, epsilon } = optimizers[name];
      return tf.train.adam(initial, beta1, beta2, epsilon);
    }
  }
}

/** AdamW is Adam with decoupled weight decay around it. */
async function hooksFor(name: OptimizerName): Promise<NonNullable<BindOptions['hooks']>> {
  if (name !== 'adamw') return [];
  const { decoupledWeightDecay } = await import('@anneal/tfjs/ops');
  return [decoupledWeightDecay()];
}

/** Disposes of an optimizer, also of the scalar that Momentum's own dispose forgets. */
function discard(optimizer: Optimizer): void {
  optimizer.dispose();
  (optimizer as unknown as Fields).c?.dispose();
}

/** Where tfjs's optimizers keep what they use; SGD and Momentum multiply by the scalars `c` = −rate and `m`. */
interface Fields {
  readonly learningRate?: number;
  readonly momentum?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly c?: Tensor;
  readonly m?: Tensor;
}

/**
 * The hyperparameters of the last update, from where the optimizer's own arithmetic reads them. Weight decay, which has no
 * such place in tfjs, is not among them.
 */
async function appliedBy(optimizer: Optimizer, tracks: readonly Hyperparameter[]): Promise<GroupValues> {
  const fields = optimizer as unknown as Fields;
  const scalar = async (tensor: Tensor): Promise<number> => (await tensor.data())[0]!;
  const used: { -readonly [H in Hyperparameter]?: number | undefined } = {
    learningRate: fields.c === undefined ? fields.learningRate : -(await scalar(fields.c)),
    momentum: fields.m === undefined ? fields.momentum : await scalar(fields.m),
    beta1: fields.beta1,
    beta2: fields.beta2,
  };
  const known = tracks.flatMap((track) => (used[track] === undefined ? [] : [[track, used[track]] as const]));
  return Object.fromEntries(known) as unknown as GroupValues;
}
