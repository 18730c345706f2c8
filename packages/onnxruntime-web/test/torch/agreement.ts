import { momentum } from '@anneal/onnx';
import { expect } from 'vitest';
import { createTrainer, type Trainer } from '../../src/index.ts';
import { readFloat32File } from '../float32File.ts';
import { ort } from '../ort.ts';
import { batchesOf } from './batches.ts';
import {
  exportedModel,
  locate,
  lossOf,
  optimizerOf,
  recordedGradients,
  scheduleOf,
  type Exported,
  type Recording,
} from './recording.ts';

const largest = (values: Iterable<number>): number => Math.max(0, ...[...values].map(Math.abs));

/**
 * The gradients of the first batch are PyTorch's within 1e-6 of the largest element of all. Of one parameter they are within 2.5e-6 of
 * its largest: PyTorch's own lie up to 1.2e-6 from double precision there (the convolutions of the CNN), where many terms cancel.
 *
 * Ours are read from the buffer of momentum after one update, which holds g.
 */
export async function expectGradients({ network, file, recording }: Exported): Promise<void> {
  const [batch] = batchesOf({ ...recording.batches, count: 1 });
  const trainer = await createTrainer(ort, exportedModel(file), {
    loss: lossOf(recording, file),
    optimizer: momentum(),
    plan: 1e-3,
    batch: batch!,
  });
  // What is trained unless a choice is made is what PyTorch trains.
  const expected = Object.entries(recording.parameters).map(([name, dims]) => locate(file, name, dims).at);
  expect([...trainer.parameters].sort()).toEqual(expected.sort());

  await trainer.run([batch!]);
  const { tensors } = readFloat32File(await trainer.save());
  await trainer.dispose();
  const differences = [...recordedGradients(network)].map(([name, { dims, data }]) => {
    const { at, place } = locate(file, name, dims);
    const ours = tensors.get(`optimizer/momentum_buffer/${at}`)!.data;
    return { name, difference: largest(data.map((g, i) => ours[place(i)]! - g)), size: largest(data) };
  });
  const size = Math.max(...differences.map((entry) => entry.size));
  for (const entry of differences) {
    expect(entry.difference / size, entry.name).toBeLessThanOrEqual(1e-6);
    expect(entry.difference / entry.size, entry.name).toBeLessThanOrEqual(2.5e-6);
  }
}

/**
 * A file is trained as PyTorch trained the network that it came from. The losses may differ by 20 times what one weight moved by
 * one unit in the last place has made by then in PyTorch (docs/decisions/0003), and by 1e-6 where that is little; so may the
 * elements recorded of each trained tensor and running statistic, relative to the largest of them.
 */
export async function expectFineTuning(exported: Exported): Promise<void> {
  const { file, recording } = exported;
  const { trainer, losses } = await fineTune(exported);
  const mean = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b) / 10;
  expect(mean(losses.slice(-10))).toBeLessThan(0.95 * mean(losses.slice(0, 10)));
  expect(largest(recording.effect)).toBeLessThan(1e-5); // no chaos that would let anything pass
  expectLosses(losses, recording.losses, recording);
  for (const [name, { values, effect }] of Object.entries(recording.final)) {
    // The older exporter runs the network once in train mode: the running statistics in its file are a batch further than PyTorch's were.
    if (name.includes('running_') && file.exporter === 'legacy') continue;
    const { at, place } = locate(file, name, recording.parameters[name] ?? []);
    const trained = trainer.parameter(at);
    const found = values.map((_, i) => trained[place(Math.floor((i * trained.length) / values.length))]!);
    const bar = Math.max(20 * effect, 1e-6 * largest(values));
    expect(largest(values.map((value, i) => found[i]! - value)), name).toBeLessThanOrEqual(bar);
  }
  await trainer.dispose();
}

/** The same with the stored statistics in batch normalisation, as PyTorch trains in eval mode. */
export async function expectFineTuningWithStoredStatistics(exported: Exported): Promise<void> {
  const { recording } = exported;
  const { trainer, losses } = await fineTune(exported, 'stored');
  expectLosses(losses, recording.storedLosses!, recording);
  expect(Math.abs(losses[0]! - recording.losses[0]!)).toBeGreaterThan(1e-3); // not those of the batch
  await trainer.dispose();
}

function expectLosses(losses: Float32Array, expected: readonly number[], { effect }: Recording): void {
  expect(losses).toHaveLength(expected.length);
  expected.forEach((loss, step) => {
    const bar = Math.max(20 * effect[step]!, 1e-6);
    expect(Math.abs(losses[step]! - loss) / loss, `step ${step}`).toBeLessThanOrEqual(bar);
  });
}

async function fineTune(
  { file, recording }: Exported,
  batchNormalization: 'batch' | 'stored' = 'batch',
): Promise<{ trainer: Trainer; losses: Float32Array }> {
  const batches = batchesOf(recording.batches);
  const { clip } = recording.recipe;
  const trainer = await createTrainer(ort, exportedModel(file), {
    loss: lossOf(recording, file),
    optimizer: optimizerOf(recording, file),
    plan: scheduleOf(recording),
    batch: batches[0]!,
    batchNormalization,
    ...(clip !== null && { clip: { globalNorm: clip } }),
  });
  const { losses } = await trainer.run(batches);
  return { trainer, losses };
}
