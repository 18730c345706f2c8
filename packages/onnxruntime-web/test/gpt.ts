import {
  dense,
  embedding,
  float32,
  gelu,
  GraphBuilder,
  layerNorm,
  selfAttention,
  type Initializer,
  type Model,
} from '@anneal/onnx';
import { random, uniform } from './mlp.ts';

export interface GptOptions {
  readonly vocabulary: number;
  readonly width: number;
  readonly heads: number;
  readonly blocks: number;
  readonly length: number;
}

/** A transformer decoder: learned positions, normalisation before each part, tied embedding (Radford et al. 2019). */
export function gpt({ vocabulary, width, heads, blocks, length }: GptOptions): Model {
  const next = random(11);
  const within =
    (limit: number): Initializer =>
    (dims) =>
      uniform(
        dims.reduce((a, b) => a * b, 1),
        limit,
        next,
      );
  const g = new GraphBuilder({ ...new GraphBuilder().model(), opsets: new Map([['', 20]]) });
  const tokens = g.input('tokens', 'int64', ['batch', length]);
  const rows = embedding(g, tokens, { name: 'embedding', count: vocabulary, width, weight: within(0.5) });
  const positions = g.parameter('positions', float32([length, width], uniform(length * width, 0.5, next)));
  let x = g.op('Add', [rows, positions]);
  for (let block = 0; block < blocks; block++) {
    const name = `block${block}`;
    const weight = within(0.08);
    const attended = selfAttention(g, layerNorm(g, x, { name: `${name}.ln1`, width }), {
      name: `${name}.attn`,
      width,
      heads,
      causalLength: length,
      inWeight: weight,
      outWeight: weight,
    });
    x = g.op('Add', [x, attended]);
    const normal = layerNorm(g, x, { name: `${name}.ln2`, width });
    const hidden = gelu(g, dense(g, normal, { name: `${name}.up`, inputs: width, outputs: 4 * width, weight }), 'tanh');
    x = g.op('Add', [x, dense(g, hidden, { name: `${name}.down`, inputs: 4 * width, outputs: width, weight })]);
  }
  const turned = g.op('Transpose', ['embedding.weight'], { perm: [1, 0] });
  g.output('logits', g.op('MatMul', [layerNorm(g, x, { name: 'final', width }), turned]));
  return g.model();
}
