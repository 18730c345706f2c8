import { adam, dense, float32, GraphBuilder, inspectModel, softmaxCrossEntropy, standardRules } from '@anneal/onnx';
import { expect, test } from 'vitest';
import { createTrainer, type Batch } from '../src/index.ts';
import { random, uniform } from './mlp.ts';
import { ort } from './ort.ts';

const [length, batch, size] = [4, 16, 8];

/** x [length, batch, 1] → a bidirectional LSTM → its last states → two classes. */
function classifier(): GraphBuilder {
  const next = random(4);
  const graph = new GraphBuilder();
  const weight = (name: string, dims: readonly number[]): string =>
    graph.parameter(
      name,
      float32(
        dims,
        uniform(
          dims.reduce((a, b) => a * b, 1),
          Math.sqrt(1 / size),
          next,
        ),
      ),
    );
  const weights = [weight('w', [2, 4 * size, 1]), weight('r', [2, 4 * size, size]), weight('b', [2, 8 * size])];
  const x = graph.input('x', 'float32', [length, 'batch', 1]);
  const [, last] = graph.ops('LSTM', [x, ...weights], 2, { hidden_size: size, direction: 'bidirectional' }, 'lstm');
  const turned = graph.op('Transpose', [last as string], { perm: [1, 0, 2] });
  const head = { name: 'head', inputs: 2 * size, outputs: 2, weight: uniform(4 * size, 0.3, next) };
  graph.output('logits', dense(graph, graph.op('Flatten', [turned]), head));
  return graph;
}

test('an LSTM trains: is the first number of a sequence larger than the last?', async () => {
  const model = classifier().model();
  expect(inspectModel(model, standardRules).withoutRule).toEqual([]);
  const next = random(5);
  const batches = Array.from({ length: 64 }, (): Batch => {
    const x = uniform(length * batch, 1, next);
    const labels = Int32Array.from({ length: batch }, (_, i) => (x[i]! > x[(length - 1) * batch + i]! ? 1 : 0));
    return { x: { data: x, dims: [length, batch, 1] }, labels: { data: labels, dims: [batch] } };
  });
  const loss = softmaxCrossEntropy();
  const trainer = await createTrainer(ort, model, { loss, optimizer: adam(), plan: 0.04, batch: batches[0]! });
  expect(trainer.parameters).toEqual(['w', 'r', 'b', 'head.weight', 'head.bias']);
  const { losses } = await trainer.run(batches);
  expect(losses[0]).toBeGreaterThan(0.6);
  expect(Math.max(...losses.slice(-5))).toBeLessThan(0.3);
  await trainer.dispose();
});
