import type { Model } from '@anneal/onnx';
import type { Batch } from '../src/index.ts';
import { gpt } from '../test/gpt.ts';
import { mlp, random, uniform } from '../test/mlp.ts';
import { cnn } from './cnn.ts';

/** A model with its data: what every peer trains, from the same weights on the same batches. */
export interface Task {
  readonly kind: 'perceptron' | 'convolutional' | 'transformer';
  readonly model: Model;
  /** Shape of one batch of inputs; for a transformer [sequences, tokens]. */
  readonly dims: readonly number[];
  readonly classes: number;
  /** Endless batches, made one by one from examples in memory: the preparation that every peer pays alike. */
  batches(): Generator<Batch, never>;
}

/** `size` random rows of `data`, as a new array. */
function rows<Data extends Float32Array | Int32Array>(data: Data, width: number, picks: readonly number[]): Data {
  const batch = new (data.constructor as new (length: number) => Data)(picks.length * width);
  picks.forEach((pick, i) => batch.set(data.subarray(pick * width, (pick + 1) * width), i * width));
  return batch;
}

const examples = 2048;

function classification(kind: Task['kind'], model: Model, dims: readonly number[], classes: number): Task {
  const [size, ...shape] = dims as [number, ...number[]];
  const width = shape.reduce((a, b) => a * b);
  const next = random(3);
  const inputs = uniform(examples * width, 1, next);
  // What is learned: which of the first coordinates is the largest.
  const labels = Int32Array.from({ length: examples }, (_, i) => {
    const row = inputs.subarray(i * width, i * width + classes);
    return row.indexOf(Math.max(...row));
  });
  return {
    kind,
    model,
    dims,
    classes,
    *batches() {
      const draw = random(4);
      for (;;) {
        const picks = Array.from({ length: size }, () => Math.floor(draw() * examples));
        yield {
          x: { data: rows(inputs, width, picks), dims },
          labels: { data: rows(labels, 1, picks), dims: [size] },
        };
      }
    },
  };
}

export const perceptron = (...widths: number[]): Task =>
  classification('perceptron', mlp(widths), [64, widths[0]!], widths.at(-1)!);

export const convolutional = (): Task => classification('convolutional', cnn(), [32, 1, 28, 28], 10);

export const gptShape = { vocabulary: 65, width: 64, heads: 4, blocks: 2, length: 32, batch: 16 };

/** Next-token prediction in a text whose next symbol depends on the two before it. */
export function transformer(): Task {
  const { vocabulary, length, batch } = gptShape;
  const next = random(5);
  const text = new Int32Array(20_000);
  for (let i = 2; i < text.length; i++) {
    const noise = next() < 0.2 ? Math.floor(next() * vocabulary) : 0;
    text[i] = (3 * text[i - 1]! + 5 * text[i - 2]! + 7 + noise) % vocabulary;
  }
  const dims = [batch, length];
  return {
    kind: 'transformer',
    model: gpt(gptShape),
    dims,
    classes: vocabulary,
    *batches() {
      const draw = random(6);
      for (;;) {
        const starts = Array.from({ length: batch }, () => Math.floor(draw() * (text.length - length - 1)));
        const tokens = new Int32Array(batch * length);
        const labels = new Int32Array(batch * length);
        starts.forEach((start, row) => {
          for (let i = 0; i < length; i++) {
            tokens[row * length + i] = text[start + i]!;
            labels[row * length + i] = text[start + i + 1]!;
          }
        });
        yield { tokens: { data: tokens, dims }, labels: { data: labels, dims } };
      }
    },
  };
}
