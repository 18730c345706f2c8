import { cosineDecay, warmup } from '@anneal/core';
import type { Batch } from '@anneal/onnxruntime-web';
import { connectTrainer } from '@anneal/onnxruntime-web/worker';
import type { Setup } from './train.worker.ts';

const steps = 600;
const schedule = warmup({ warmupSteps: 60, schedule: cosineDecay({ initValue: 0.02, decaySteps: 540 }) });

/** 64 points of a square: which lie in a circle? */
function points(): Batch {
  const x = Float32Array.from({ length: 128 }, () => 2 * Math.random() - 1);
  const labels = Int32Array.from({ length: 64 }, (_, i) => (Math.hypot(x[2 * i]!, x[2 * i + 1]!) < 0.8 ? 1 : 0));
  return { x: { data: x, dims: [64, 2] }, labels: { data: labels, dims: [64] } };
}

function* batches() {
  for (let step = 0; step < steps; step++) yield points();
}

const worker = new Worker(new URL('./train.worker.ts', import.meta.url), { type: 'module' });
const setup: Setup = { plan: schedule.spec, batch: points() };
const trainer = await connectTrainer(worker, setup);

const stop = new AbortController();
document.querySelector('#stop')!.addEventListener('click', () => stop.abort());
const status = document.querySelector('#status')!;
const { updates, losses, stopped } = await trainer.run(batches(), {
  signal: stop.signal,
  onStep: ({ step, loss }) => (status.textContent = `step ${step}, loss ${loss.toFixed(3)}`),
});
status.textContent = `${stopped ?? 'done'} after ${updates} updates, loss ${losses.at(-1)?.toFixed(3)}`;

const link = document.querySelector<HTMLAnchorElement>('#model')!;
link.href = URL.createObjectURL(new Blob([(await trainer.export()) as Uint8Array<ArrayBuffer>]));
link.textContent = 'the trained model';
worker.terminate();
