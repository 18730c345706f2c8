import { cosineDecay, createScheduler, linear, type Plan, type Schedule, type StepValues } from '@anneal/core';
import {
  adam,
  adamW,
  GraphBuilder,
  float32,
  lion,
  meanSquaredError,
  momentum,
  rmsprop,
  sgd,
  type Optimizer,
} from '@anneal/onnx';
import { describe, expect, test } from 'vitest';
import { createTrainer, type Batch } from '../src/index.ts';
import { random, uniform } from './mlp.ts';
import { ort } from './ort.ts';

const [rows, width, outputs, steps] = [8, 5, 3, 100];

const next = random(7);
const initial = uniform(width * outputs, 1, next);
const truth = uniform(width * outputs, 1, next);
const batches: Batch[] = Array.from({ length: steps }, () => {
  const x = uniform(rows * width, 1, next);
  const target = Float32Array.from({ length: rows * outputs }, (_, i) => {
    const [row, column] = [Math.floor(i / outputs), i % outputs];
    let sum = 0;
    for (let k = 0; k < width; k++) sum += x[row * width + k]! * truth[k * outputs + column]!;
    return sum + 0.1 * (2 * next() - 1);
  });
  return { x: { data: x, dims: [rows, width] }, target: { data: target, dims: [rows, outputs] } };
});

/** y = x·W */
function linearModel(): GraphBuilder {
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', ['batch', width]);
  graph.output('output', graph.op('MatMul', [x, graph.parameter('w', float32([width, outputs], initial))]));
  return graph;
}

/** The gradient of the mean squared error, in double precision. */
function gradientAt(w: Float64Array, batch: Batch): Float64Array {
  const x = batch['x']!.data as Float32Array;
  const t = batch['target']!.data as Float32Array;
  const g = new Float64Array(w.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < outputs; j++) {
      let y = 0;
      for (let k = 0; k < width; k++) y += x[i * width + k]! * w[k * outputs + j]!;
      const d = (2 * (y - t[i * outputs + j]!)) / (rows * outputs);
      for (let k = 0; k < width; k++) g[k * outputs + j]! += x[i * width + k]! * d;
    }
  }
  return g;
}

/** An optimizer in double precision, one element at a time: the state s is what it remembers of that element. */
type Reference = (
  w: number,
  g: number,
  s: Record<string, number>,
  v: StepValues,
  corrections: { c1: number; c2: number },
) => number;

const falling = (initValue: number, endValue: number): Schedule => linear({ initValue, endValue, decaySteps: steps });

const references: Record<string, { make: () => Optimizer; tracks: Omit<Plan, 'learningRate'>; update: Reference }> = {
  sgd: { make: () => sgd(), tracks: {}, update: (w, g, _, v) => w - v.learningRate * g },
  'sgd with coupled decay': {
    make: () => sgd({ l2: 0.1 }),
    tracks: {},
    update: (w, g, _, v) => w - v.learningRate * (g + 0.1 * w),
  },
  momentum: {
    make: () => momentum(),
    tracks: { momentum: falling(0.95, 0.8), weightDecay: falling(0.3, 0.1) },
    update: (w, g, s, v) => w - v.learningRate * (s['b'] = v.momentum! * (s['b'] ?? 0) + g),
  },
  Nesterov: {
    make: () => momentum({ nesterov: true }),
    tracks: { momentum: falling(0.95, 0.8), weightDecay: falling(0.3, 0.1) },
    update: (w, g, s, v) => {
      s['b'] = v.momentum! * (s['b'] ?? 0) + g;
      return w - v.learningRate * (g + v.momentum! * s['b']);
    },
  },
  rmsprop: {
    make: () => rmsprop(),
    tracks: {},
    update: (w, g, s, v) => {
      s['v'] = 0.99 * (s['v'] ?? 0) + 0.01 * g * g;
      return w - (v.learningRate * g) / (Math.sqrt(s['v']) + 1e-8);
    },
  },
  'rmsprop as in TensorFlow, with momentum': {
    make: () =>
      rmsprop({
        alpha: 0.9,
        epsilon: 1e-7,
        epsilonPlacement: 'inside',
        learningRatePlacement: 'inside',
        momentum: 0.5,
      }),
    tracks: {},
    update: (w, g, s, v) => {
      s['v'] = 0.9 * (s['v'] ?? 0) + 0.1 * g * g;
      s['b'] = 0.5 * (s['b'] ?? 0) + (v.learningRate * g) / Math.sqrt(s['v'] + 1e-7);
      return w - s['b'];
    },
  },
  'rmsprop, centered, with scheduled momentum': {
    make: () => rmsprop({ centered: true, momentum: 0.5, epsilon: 1e-3 }),
    tracks: { momentum: falling(0.9, 0.5), weightDecay: falling(0.3, 0.1) },
    update: (w, g, s, v) => {
      s['v'] = 0.99 * (s['v'] ?? 0) + 0.01 * g * g;
      s['m'] = 0.99 * (s['m'] ?? 0) + 0.01 * g;
      s['b'] = v.momentum! * (s['b'] ?? 0) + g / (Math.sqrt(s['v'] - s['m'] * s['m']) + 1e-3);
      return w - v.learningRate * s['b'];
    },
  },
  adam: {
    make: () => adam(),
    tracks: { beta1: falling(0.95, 0.85) },
    update: adamReference(0),
  },
  'adam with coupled decay': { make: () => adam({ l2: 0.05 }), tracks: { beta2: 0.99 }, update: adamReference(0.05) },
  adamW: {
    make: () => adamW(),
    tracks: { beta1: falling(0.95, 0.85), weightDecay: falling(0.3, 0.1) },
    update: adamReference(0),
  },
  'adamW, its own decay': { make: () => adamW({ weightDecay: 0.2 }), tracks: {}, update: adamReference(0) },
  lion: {
    make: () => lion(),
    tracks: { beta1: falling(0.95, 0.85), weightDecay: falling(0.3, 0.1) },
    update: (w, g, s, v) => {
      const step = Math.sign(v.beta1! * (s['m'] ?? 0) + (1 - v.beta1!) * g);
      s['m'] = 0.99 * (s['m'] ?? 0) + 0.01 * g;
      return w - v.learningRate * step;
    },
  },
  'sgd with scheduled decoupled decay': {
    make: () => sgd(),
    tracks: { weightDecay: cosineDecay({ initValue: 0.5, decaySteps: steps }) },
    update: (w, g, _, v) => w - v.learningRate * g,
  },
};

function adamReference(l2: number): Reference {
  return (w, plain, s, v, { c1, c2 }) => {
    const g = plain + l2 * w;
    const [b1, b2] = [v.beta1 ?? 0.9, v.beta2 ?? 0.999];
    s['m'] = b1 * (s['m'] ?? 0) + (1 - b1) * g;
    s['v'] = b2 * (s['v'] ?? 0) + (1 - b2) * g * g;
    return w - (v.learningRate * (s['m'] / c1)) / (Math.sqrt(s['v'] / c2) + 1e-8);
  };
}

/**
 * Rounding to float32 moves each weight (of size 1) by up to 6e-8 per update and operation, and the problem is convex: errors add up, at
 * most about 100 updates × a few 6e-8, and adaptive methods pass on the relative rounding of g/√v.
 */
const tolerance = 1e-5;

describe('under a per-step cosine, 100 updates agree with double precision:', () => {
  test.each(Object.entries(references))('%s', async (_, { make, tracks, update }) => {
    const plan: Plan = { learningRate: cosineDecay({ initValue: 0.05, decaySteps: steps }), ...tracks };
    const optimizer = make();
    const trainer = await createTrainer(ort, linearModel().model(), {
      loss: meanSquaredError(),
      optimizer,
      plan,
      batch: batches[0]!,
    });
    await trainer.run(batches);

    const scheduler = createScheduler(plan);
    let w = Float64Array.from(initial);
    const states = Array.from(w, (): Record<string, number> => ({}));
    let [product1, product2] = [1, 1];
    batches.forEach((batch, step) => {
      const values = scheduler.values(step);
      product1 *= values.beta1 ?? 0.9;
      product2 *= values.beta2 ?? 0.999;
      const decay = 1 - values.learningRate * (values.weightDecay ?? optimizer.hyperparameters.weightDecay!);
      const g = gradientAt(w, batch);
      w = w.map((value, i) => {
        // Coupled decay is of the weight before the decoupled one; no case has both.
        return update(value * decay, g[i]!, states[i]!, values, { c1: 1 - product1, c2: 1 - product2 });
      });
    });
    const found = trainer.parameter('w');
    const worst = w.reduce((max, value, i) => Math.max(max, Math.abs(value - found[i]!)), 0);
    const moved = w.reduce((max, value, i) => Math.max(max, Math.abs(value - initial[i]!)), 0);
    expect(moved).toBeGreaterThan(0.3);
    expect(worst).toBeLessThan(tolerance);
    await trainer.dispose();
  });
});
