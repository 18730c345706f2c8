import { cosineDecay, layerwiseDecay, sequence, warmup } from '@anneal/core';
import { adamW, dense, layerGroups, readModel, replaceHead, softmaxCrossEntropy, type Model } from '@anneal/onnx';
import { expect } from 'vitest';
import { createTrainer, type Batch, type Ort, type Trainer } from '../../src/index.ts';
import { random } from '../mlp.ts';

/** What tools/reference/onnx_encoder.py wrote beside the encoder. */
export interface EncoderDescription {
  readonly length: number;
  readonly width: number;
  readonly topics: readonly string[];
  /** Words by part of speech (a capital) or topic. */
  readonly words: Readonly<Record<string, readonly string[]>>;
  /** Sentences as strings of parts of speech, N a noun of a topic. */
  readonly forms: readonly string[];
  readonly vocabulary: readonly string[];
  readonly file: { readonly output: string };
}

/** How right the predictions are at each stage, and which weights of the encoder changed in it. */
export interface FineTuned {
  readonly accuracy: { readonly start: number; readonly head: number; readonly top: number };
  readonly changed: { readonly head: readonly string[]; readonly top: readonly string[] };
  /** Parameters by layer, and the rate of each group that is trained in the first update of the second stage. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly rates: Readonly<Record<string, number>>;
}

const [size, headSteps, topSteps] = [32, 40, 100];

/**
 * Fine-tunes the encoder to tell the topic that a sentence begins with, when its later nouns are of another: a question of order, which
 * the mean over the words answers badly until the layers below it learn to.
 * First a new head alone; then the two top layers with it, the lower the slower. A page and Node run the same.
 */
export async function fineTuneEncoder(ort: Ort, file: Uint8Array, language: EncoderDescription): Promise<FineTuned> {
  const encoder = readModel(file);
  const tuned = replaceHead(encoder, {
    at: language.file.output,
    with: (g, pooled) => {
      const [inputs, outputs] = [language.width, language.topics.length];
      g.output(
        'logits',
        dense(g, pooled, { name: 'head', inputs, outputs, weight: new Float32Array(inputs * outputs) }),
      );
    },
  });
  const groups = layerGroups(tuned.graph, /^layers\.(\d+)\./);
  const next = random(5);
  const validation = sentences(language, 256, next);
  const batches = (count: number): Batch[] => Array.from({ length: count }, () => sentences(language, size, next));

  const rate = sequence({
    schedules: [
      cosineDecay({ initValue: 0.03, decaySteps: headSteps }),
      warmup({ warmupSteps: 10, schedule: cosineDecay({ initValue: 0.005, decaySteps: topSteps - 10 }) }),
    ],
    boundaries: [headSteps],
  });
  const trainer = await createTrainer(ort, tuned, {
    loss: softmaxCrossEntropy(),
    optimizer: adamW({ decay: (name) => !/bias$|norm|ln\d/.test(name) }),
    plan: { learningRate: rate, groups: layerwiseDecay(Object.keys(groups), 0.8, rate) },
    groups,
    trainable: /^head\./,
    batch: sentences(language, size, next),
  });
  const start = await accuracyOf(trainer, validation);
  await trainer.run(batches(headSteps));
  const head = await accuracyOf(trainer, validation);
  const changedByHead = changedIn(encoder, readModel(await trainer.export()));

  await trainer.unfreeze([...groups['layer2']!, ...groups['layer3']!, ...groups['head']!]);
  const { applied } = await trainer.run(batches(topSteps));
  const rates = Object.fromEntries(
    Object.entries(applied[0]!.groups!).map(([group, { learningRate }]) => [group, learningRate]),
  );
  const top = await accuracyOf(trainer, validation);
  const changedByTop = changedIn(encoder, readModel(await trainer.export()));
  await trainer.dispose();
  return { accuracy: { start, head, top }, changed: { head: changedByHead, top: changedByTop }, groups, rates };
}

/** Validation accuracy rises at both stages, frozen weights keep their bits, and the rates fall from the head down. */
export function expectFineTuned({ accuracy, changed, groups, rates }: FineTuned): void {
  // A head of zeros always answers the first of four topics.
  expect(accuracy.start).toBeLessThan(0.35);
  expect(accuracy.head).toBeGreaterThan(accuracy.start + 0.1);
  expect(accuracy.top).toBeGreaterThan(accuracy.head + 0.2);
  expect(changed.head).toEqual([]);
  const unfrozen = ['layer2', 'layer3', 'head'].flatMap((group) => groups[group]!);
  expect([...changed.top].sort()).toEqual(unfrozen.filter((name) => !name.startsWith('head.')).sort());
  expect(rates['layer3']! / rates['head']!).toBeCloseTo(0.8, 6);
  expect(rates['layer2']! / rates['head']!).toBeCloseTo(0.64, 6);
}

/** Sentences whose first noun is of the topic that is the label, and the others of another one. */
function sentences(language: EncoderDescription, count: number, next: () => number): Batch {
  const { length, topics, forms, words, vocabulary } = language;
  const pick = <Value>(from: readonly Value[]): Value => from[Math.floor(from.length * next())]!;
  const labels: number[] = [];
  const rows = Array.from({ length: count }, () => {
    const topic = pick(topics);
    const other = pick(topics.filter((one) => one !== topic));
    labels.push(topics.indexOf(topic));
    let noun = topic;
    const text = pick(forms)
      .split('')
      .map((part) => {
        if (part !== 'N') return pick(words[part]!);
        const word = pick(words[noun]!);
        noun = other;
        return word;
      });
    const tokens = ['[cls]', ...text].map((word) => BigInt(vocabulary.indexOf(word)));
    return [...tokens, ...Array<bigint>(length - tokens.length).fill(0n)];
  });
  const tokens = BigInt64Array.from(rows.flat());
  const dims = [count, length];
  return {
    tokens: { data: tokens, dims },
    mask: { data: tokens.map((token) => (token === 0n ? 0n : 1n)), dims },
    labels: { data: Int32Array.from(labels), dims: [count] },
  };
}

async function accuracyOf(trainer: Trainer, { tokens, mask, labels }: Batch): Promise<number> {
  const { logits } = await trainer.predict({ tokens: tokens!, mask: mask! });
  const values = logits!.data as Float32Array;
  const classes = logits!.dims[1]!;
  const right = Array.from(labels!.data as Int32Array, (label, i) => {
    const row = values.subarray(i * classes, (i + 1) * classes);
    return row.indexOf(Math.max(...row)) === label;
  });
  return right.filter(Boolean).length / right.length;
}

/** Tensors of the first model that have other bits in the second. */
const changedIn = (before: Model, after: Model): string[] =>
  [...before.graph.initializers].flatMap(([name, { data }]) => {
    const other = after.graph.initializers.get(name)?.data;
    return other === undefined || haveSameBits(data as Float32Array, other as Float32Array) ? [] : [name];
  });

const haveSameBits = (a: Float32Array, b: Float32Array): boolean => a.every((value, i) => Object.is(value, b[i]));
