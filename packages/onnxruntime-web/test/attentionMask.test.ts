import { adam, dense, float32, GraphBuilder, glorotUniform, softmaxCrossEntropy, type Model } from '@anneal/onnx';
import { expect, test } from 'vitest';
import { createTrainer, type Batch } from '../src/index.ts';
import { random, uniform } from './mlp.ts';
import { ort } from './ort.ts';

const [batch, length, width, words] = [4, 6, 8, 12];

/** Attention over embedded words, masked as exported encoders write it, and the mean of what is not padding. */
function encoder(): Model {
  const graph = new GraphBuilder();
  const ids = graph.input('input_ids', 'int64', ['batch', length]);
  const mask = graph.op('Cast', [graph.input('attention_mask', 'int64', ['batch', length])], { to: 1 });
  const table = graph.parameter('embedding', float32([words, width], uniform(words * width, 1, random(5))));
  const x = graph.op('Gather', [table, ids]);
  const hidden = graph.op('Mul', [graph.op('Sub', [graph.scalar(1), mask]), graph.scalar(-3.4e38)]);
  const scores = graph.op('MatMul', [x, graph.op('Transpose', [x], { perm: [0, 2, 1] })]);
  const masked = graph.op('Add', [scores, graph.op('Unsqueeze', [hidden, graph.list([1])])]);
  const mixed = graph.op('MatMul', [graph.op('Softmax', [masked], { axis: -1 }), x]);
  const kept = graph.op('Mul', [mixed, graph.op('Unsqueeze', [mask, graph.list([2])])]);
  const sum = graph.op('ReduceSum', [kept, graph.list([1])], { keepdims: 0 });
  const mean = graph.op('Div', [sum, graph.op('ReduceSum', [mask, graph.list([1])], { keepdims: 1 })]);
  graph.output('logits', dense(graph, mean, { name: 'head', inputs: width, outputs: 2, weight: glorotUniform(1) }));
  return graph.model();
}

/** Sentences of 3 to 6 words below 10: is 3 among them? What stands behind them is `padding`. */
const batchOf = (seed: number, padding: number, rows = batch): Batch => {
  const next = random(seed);
  const sentences = Array.from({ length: rows }, () =>
    Array.from({ length: 3 + Math.floor(4 * next()) }, () => Math.floor(10 * next())),
  );
  const ints = (of: (sentence: number[], place: number) => number) =>
    BigInt64Array.from({ length: rows * length }, (_, i) => BigInt(of(sentences[Math.floor(i / length)]!, i % length)));
  return {
    input_ids: { data: ints((sentence, place) => sentence[place] ?? padding), dims: [rows, length] },
    attention_mask: { data: ints((sentence, place) => Number(place < sentence.length)), dims: [rows, length] },
    labels: {
      data: BigInt64Array.from(sentences, (sentence) => BigInt(sentence.includes(3) ? 1 : 0)),
      dims: [rows],
    },
  };
};

test('an encoder with int64 ids and an attention mask trains, and padding does not matter to it', async () => {
  const results = await Promise.all(
    [10, 11].map(async (padding) => {
      const data = Array.from({ length: 60 }, (_, i) => batchOf(i % 6, padding, i === 59 ? 2 : batch));
      const options = { loss: softmaxCrossEntropy(), optimizer: adam(), plan: 0.03, batch: data[0]! };
      const trainer = await createTrainer(ort, encoder(), options);
      const before = trainer.parameter('embedding');
      const { losses } = await trainer.run(data);
      const after = trainer.parameter('embedding');
      await trainer.dispose();
      return { losses, before, after };
    }),
  );
  const [{ losses, before, after }, other] = results as [(typeof results)[0], (typeof results)[0]];
  expect(losses).toEqual(other.losses);
  expect(after).toEqual(other.after);
  expect(losses.slice(54).reduce((a, b) => a + b)).toBeLessThan(losses.slice(0, 6).reduce((a, b) => a + b) / 3);
  // Words that only pad have a gradient of exactly zero, by the mask's −3.4e38.
  expect(after.subarray(10 * width)).toEqual(before.subarray(10 * width));
  expect(after.subarray(0, width)).not.toEqual(before.subarray(0, width));
});
