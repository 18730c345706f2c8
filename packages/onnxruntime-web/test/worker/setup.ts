import { parsePlan } from '@anneal/core';
import { adam, GraphBuilder, softmaxCrossEntropy } from '@anneal/onnx';
import { createTrainer, type Batch, type Ort, type Trainer } from '../../src/index.ts';
import { mlp } from '../mlp.ts';

/** What the tests send to their worker: everything that is not a function. */
export interface Setup {
  readonly plan: unknown;
  readonly batch: Batch;
  readonly widths: readonly number[];
  readonly trainable?: RegExp;
  /** End the worker from within, or make a model that has no gradient. */
  readonly trouble?: 'ends' | 'noGradient';
}

/** The worker's side: the model, the loss and the optimizer live there. */
export const makeTrainer =
  (ort: Ort, end: () => void) =>
  async ({ plan, batch, widths, trainable, trouble }: Setup): Promise<Trainer> => {
    if (trouble === 'ends') end();
    let model = mlp(widths);
    if (trouble === 'noGradient') {
      const graph = new GraphBuilder(model);
      graph.outputs.length = 0;
      graph.output('logits_2', graph.op('Hardmax', ['logits']));
      model = graph.model();
    }
    return createTrainer(ort, model, {
      loss: softmaxCrossEntropy(trouble === 'noGradient' ? { logits: 'logits_2' } : {}),
      optimizer: adam(),
      plan: parsePlan(plan),
      batch,
      ...(trainable !== undefined && { trainable }),
    });
  };
