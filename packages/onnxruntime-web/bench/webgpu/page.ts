import { constant } from '@anneal/core';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import * as wasm from 'onnxruntime-web/wasm';
import * as webgpu from 'onnxruntime-web/webgpu';
import { ours } from '../ours.ts';
import type { OpenPeer } from '../peer.ts';
import { convolutional, perceptron, transformer, type Task } from '../task.ts';
import { tfjs } from '../tfjsPeer.ts';

/** What a browser says of the graphics processor that pages get. */
export interface Adapter {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
}

/** Updates per second of each peer in a round, in order, or why it does not train. */
export interface Row {
  readonly name: string;
  readonly perSecond: readonly number[];
  readonly difference: number;
  readonly failure?: string;
}

/** What the page offers to the program that opened it. */
export interface Bench {
  adapter(): Promise<Adapter | undefined>;
  measure(name: string, rounds: number, seconds: number): Promise<readonly Row[]>;
}

const tasks: Readonly<Record<string, () => Task>> = {
  mlp: () => perceptron(784, 128, 10),
  'wide mlp': () => perceptron(784, 1024, 1024, 10),
  cnn: convolutional,
  gpt: transformer,
};

const peers: Readonly<Record<string, OpenPeer>> = {
  'this package, wasm': ours('wasm', wasm),
  'this package, webgpu': ours('webgpu', webgpu, 'webgpu'),
  'tfjs-webgpu': tfjs('webgpu', 'minimize'),
};

for (const runtime of [wasm, webgpu]) {
  runtime.env.wasm.wasmPaths = '/ort/';
  runtime.env.wasm.numThreads = 1;
}
tf.enableProdMode();

const settings = { optimizer: 'adam', rate: constant({ value: 1e-3 }) } as const;

const bench: Bench = {
  async adapter() {
    const { navigator } = globalThis as unknown as {
      navigator: { gpu?: { requestAdapter(): Promise<{ readonly info: Adapter } | null> } };
    };
    const adapter = await navigator.gpu?.requestAdapter();
    if (!adapter) return undefined;
    const { vendor, architecture, description } = adapter.info;
    return { vendor, architecture, description };
  },
  /** Rounds in turn, each of as many updates as take about `seconds`. */
  async measure(name, rounds, seconds) {
    const rows: { name: string; perSecond: number[]; difference: number; failure?: string }[] = [];
    const open = [];
    let expected: ArrayLike<number> | undefined;
    // oxlint-disable no-await-in-loop -- one measurement at a time
    for (const [peerName, openPeer] of Object.entries(peers)) {
      const row: (typeof rows)[number] = { name: peerName, perSecond: [], difference: 0 };
      rows.push(row);
      try {
        const peer = await openPeer(tasks[name]!(), settings);
        const losses = await peer.train(8); // shaders are compiled here
        expected ??= losses;
        row.difference = Math.max(...Array.from(losses, (loss, i) => Math.abs(loss / expected![i]! - 1)));
        const start = performance.now();
        await peer.train(8);
        const steps = Math.max(8, Math.round((8 * seconds * 1000) / (performance.now() - start)));
        open.push({ row, peer, steps });
      } catch (error) {
        row.failure = error instanceof Error ? error.message : String(error);
      }
    }
    for (let round = 0; round < rounds; round++) {
      for (const { row, peer, steps } of open) {
        const start = performance.now();
        await peer.train(steps);
        row.perSecond.push((1000 * steps) / (performance.now() - start));
      }
    }
    for (const { peer } of open) await peer.close();
    // oxlint-enable no-await-in-loop
    return rows;
  },
};
Object.assign(globalThis, { bench });
