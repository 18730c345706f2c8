import type { Figure } from '../src/index.ts';

const steps = Array.from({ length: 1001 }, (_, i) => i);
const cosine = steps.map((t) => (t < 100 ? (0.1 * (t + 1)) / 101 : 0.05 * (1 + Math.cos((Math.PI * (t - 100)) / 900))));
const noisy = (scale: number, shift: number): readonly number[] =>
  steps.map(
    (t) => scale * (2.3 * Math.exp(-t / 180) + 0.15 + 0.08 * Math.sin(12.9898 * (t + shift)) * Math.cos(78.233 * t)),
  );

/** One figure of every kind of mark and scale. */
export const figures: Readonly<Record<string, Figure>> = {
  rates: {
    title: 'The learning rate over a run',
    x: { label: 'step', unit: 'step' },
    y: { label: 'learning rate', unit: 'rate' },
    marks: [
      { mark: 'line', name: 'warm-up and cosine', x: steps, y: cosine },
      { mark: 'line', name: 'constant', x: [0, 1000], y: [0.05, 0.05], style: 'dashed' },
      { mark: 'rule', name: 'warm-up ends', x: 100 },
    ],
  },
  losses: {
    title: 'Training loss, two backends over each other',
    x: { label: 'step', unit: 'step' },
    y: { label: 'cross entropy', unit: 'nats', type: 'log' },
    marks: [
      { mark: 'line', name: 'schedule, tfjs-wasm', x: steps, y: noisy(1, 0), color: 0, style: 'broad' },
      { mark: 'line', name: 'schedule, onnxruntime-web-wasm', x: steps, y: noisy(1, 0), color: 0 },
      { mark: 'line', name: 'control, tfjs-wasm', x: steps, y: noisy(1.3, 5), color: 1, style: 'broad' },
      { mark: 'line', name: 'control, onnxruntime-web-wasm', x: steps, y: noisy(1.3, 5), color: 1 },
    ],
  },
  seeds: {
    title: 'Validation accuracy of 8 seeds: median and middle half',
    x: { label: 'epoch', unit: 'epoch' },
    y: { label: 'accuracy', unit: 'share', domain: [0.8, 1] },
    marks: [
      { mark: 'area', name: 'cosine', x: [1, 2, 3, 4], low: [0.84, 0.9, 0.93, 0.95], high: [0.88, 0.94, 0.96, 0.975] },
      { mark: 'line', name: 'cosine', x: [1, 2, 3, 4], y: [0.86, 0.92, 0.95, 0.965] },
      { mark: 'area', name: 'step', x: [1, 2, 3, 4], low: [0.85, 0.88, null, 0.93], high: [0.89, 0.91, null, 0.95] },
      { mark: 'line', name: 'step', x: [1, 2, 3, 4], y: [0.87, 0.9, null, 0.94] },
    ],
  },
  range: {
    title: 'Range test',
    x: { label: 'learning rate', unit: 'rate', type: 'log' },
    y: { label: 'loss', unit: 'nats', domain: [0, 3] },
    marks: [
      {
        mark: 'line',
        name: 'smoothed loss',
        x: [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 0.3],
        y: [2.3, 2.25, 1.9, 1.1, 0.8, 2.6],
      },
      { mark: 'rule', name: 'suggested: 0.01', x: 0.01 },
      { mark: 'rule', name: 'untrained', y: 2.3 },
    ],
  },
  arms: {
    title: 'Difference to the control, 95 % intervals',
    x: { label: 'accuracy, difference', unit: 'share' },
    y: { type: 'words', label: 'schedule', domain: ['cosine', 'warm-up, stable, decay', 'one cycle', 'step'] },
    marks: [
      {
        mark: 'interval',
        name: 'interval',
        y: ['cosine', 'warm-up, stable, decay', 'one cycle', 'step'],
        low: [0.002, 0.004, -0.003, -0.01],
        high: [0.012, 0.011, 0.009, 0.001],
      },
      {
        mark: 'dot',
        name: 'mean',
        x: [0.007, 0.0075, 0.003, -0.0045],
        y: ['cosine', 'warm-up, stable, decay', 'one cycle', 'step'],
        color: 0,
      },
      { mark: 'rule', name: 'no difference', x: 0 },
    ],
  },
  trials: {
    title: 'Every trial of a search',
    x: { label: 'peak rate', unit: 'rate', type: 'log' },
    y: { label: 'validation loss', unit: 'nats' },
    marks: [
      { mark: 'dot', name: 'adamW', x: [1e-4, 3e-4, 1e-3, 3e-3, 1e-2], y: [0.31, 0.22, 0.18, 0.25, 0.9] },
      { mark: 'dot', name: 'sgd', x: [1e-3, 1e-2, 0.1, 0.5], y: [0.8, 0.4, 0.2, null] },
    ],
  },
  speeds: {
    title: 'Updates per second',
    x: { type: 'words', label: 'backend', domain: ['tfjs-cpu', 'tfjs-wasm', 'onnxruntime-web-wasm'] },
    y: { label: 'updates per second', unit: 'number' },
    marks: [
      { mark: 'bar', name: 'MLP', x: ['tfjs-cpu', 'tfjs-wasm', 'onnxruntime-web-wasm'], y: [60, 310, 1950] },
      {
        mark: 'interval',
        name: 'p10 to p90',
        x: ['tfjs-cpu', 'tfjs-wasm', 'onnxruntime-web-wasm'],
        low: [55, 280, 1800],
        high: [64, 330, 2050],
        color: 5,
      },
    ],
  },
  times: {
    title: 'What a run takes',
    x: { label: 'time', unit: 'seconds' },
    y: { type: 'words', label: 'schedule', domain: ['cosine & <friends>', 'step'] },
    marks: [{ mark: 'bar', name: 'time', x: [95, 130], y: ['cosine & <friends>', 'step'] }],
  },
  nothing: {
    title: 'Nothing was drawn yet',
    x: { label: 'step', unit: 'step' },
    y: { label: 'loss', unit: 'nats', type: 'log' },
    marks: [{ mark: 'line', name: 'loss', x: [0, 1, 2], y: [null, Number.NaN, -1] }],
  },
};
