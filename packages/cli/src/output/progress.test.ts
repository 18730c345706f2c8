import type { MetricsRow, TimingRow } from '@anneal/lab';
import { expect, test } from 'vitest';
import { progress } from './progress.ts';

const event = (step: number, run = 'schedule'): MetricsRow => ({
  event: 'step',
  run,
  backend: 'onnxruntime-web',
  seed: 1,
  step,
  epoch: 0,
  values: { learningRate: 0.000123456 },
  loss: 0.98765,
});

const timing: TimingRow = {
  event: 'timing',
  run: 'schedule',
  backend: 'onnxruntime-web',
  seed: 1,
  step: 0,
  updates: 50,
  milliseconds: 25,
};

/** A schedule and its control on one backend. */
const runs = ['schedule', 'control'].map((label) => ({ label, backend: 'onnxruntime-web' }));

function watched(terminal: boolean, columns = 80) {
  let err = '';
  const io = {
    out: () => {},
    err: (text: string) => void (err += text),
    stdin: async () => '',
    terminal,
    color: false,
    columns,
    interruption: () => new AbortController().signal,
  };
  return { shown: progress(io, { totalSteps: 100, stepsPerEpoch: 10, trials: runs }), text: () => err };
}

test.each([60, 80, 120])('a bar fits %i columns and shows step, rate, loss and speed', (columns) => {
  const { shown, text } = watched(true, columns);
  shown.write([timing]);
  shown.write([event(49)]);
  shown.end();
  const lines = text().split(/[\r\n]/);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(columns);
  expect(text().endsWith('\n')).toBe(true);
  expect(text()).toContain('step 50/100');
  expect(text()).toContain('rate 1.23e-4');
});

test('on a wide terminal the bar is half full half-way, with everything beside it', () => {
  const { shown, text } = watched(true, 150);
  shown.write([
    {
      event: 'evaluation',
      run: 'schedule',
      backend: 'onnxruntime-web',
      seed: 1,
      step: 0,
      epoch: 0,
      split: 'validation',
      metrics: { loss: 1, accuracy: 0.125 },
    },
    event(48),
  ]);
  shown.write([timing]);
  shown.write([event(49)]);
  shown.end();
  expect(text().split('\r').at(-1)).toBe(
    'schedule on onnxruntime-web ████████████░░░░░░░░░░░░ step 50/100  learning rate 1.23e-4  loss 0.988  1 s left  validation 12.5 %  2,000 steps/s\n',
  );
});

test('a plain line at the end of an epoch says what the validation after it found', () => {
  const { shown, text } = watched(false);
  const validated = (step: number, accuracy: number): MetricsRow => ({
    event: 'evaluation',
    run: 'schedule',
    backend: 'onnxruntime-web',
    seed: 1,
    step,
    epoch: step / 10,
    split: 'validation',
    metrics: { loss: 1, accuracy },
  });
  shown.write([validated(0, 0.1), ...Array.from({ length: 10 }, (_, i) => event(i))]);
  shown.write([validated(10, 0.9)]);
  shown.write([event(10)]);
  expect(text()).toMatch(/^[^\n]*step 10\/100[^\n]*validation 90\.0 %[^\n]*\n$/);
});

test('elsewhere a plain line says the same every tenth of a run, and at its end', () => {
  const { shown, text } = watched(false);
  shown.write(Array.from({ length: 25 }, (_, i) => event(i)));
  shown.write([event(99), event(0, 'control')]);
  shown.end();
  expect(text()).toBe(
    [10, 20, 100]
      .map((step) => `schedule on onnxruntime-web, step ${step}/100, learning rate 1.23e-4, loss 0.988\n`)
      .join(''),
  );
});

test('the time left is that of all runs, each at the speed of its backend', () => {
  const { shown, text } = watched(false);
  shown.write([{ ...timing, updates: 10, milliseconds: 10_000 }]);
  // 90 updates of this run and 100 of the control, a second each.
  shown.write([event(9), event(10)]);
  expect(text()).toContain('4 min left');
  shown.write([event(9, 'control'), event(10, 'control')]);
  expect(text()).toContain('2 min left');
  shown.write([{ ...timing, updates: 9990, milliseconds: 10 }, event(99, 'control')]);
  shown.end();
  expect(text()).toContain('0 s left');
});
