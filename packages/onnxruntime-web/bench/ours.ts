import { adam, sgd, softmaxCrossEntropy } from '@anneal/onnx';
import { createTrainer, type Batch, type Ort } from '../src/index.ts';
import { epsilon, type OpenPeer } from './peer.ts';

/** Updates per call of the runtime, K: the most that the trainer makes by itself, which it does where they take less than 30 ms. */
export const stepsPerCall = 16;

/** This package as it stands, with nothing switched off. */
export function ours(name: string, ort: Ort, device: 'cpu' | 'webgpu' = 'cpu'): OpenPeer {
  return async (task, { optimizer, rate }) => {
    const batches = task.batches();
    const trainer = await createTrainer(ort, task.model, {
      loss: softmaxCrossEntropy(),
      optimizer: optimizer === 'sgd' ? sgd() : adam({ epsilon }),
      plan: rate,
      batch: batches.next().value,
      stepsPerCall,
      device,
    });
    const stream = task.batches();
    function* some(count: number): Generator<Batch> {
      for (let i = 0; i < count; i++) yield stream.next().value;
    }
    return {
      name,
      train: async (steps) => (await trainer.run(some(steps))).losses,
      close: () => trainer.dispose(),
    };
  };
}
