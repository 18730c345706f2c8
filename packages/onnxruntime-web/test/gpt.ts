import { float32, GraphBuilder, type Model, type Tensor } from '@anneal/onnx';
import { random, uniform } from './mlp.ts';

export interface GptOptions {
  readonly vocabulary: number;
  readonly width: number;
  readonly heads: number;
  readonly blocks: number;
  readonly length: number;
  readonly batch: number;
}

/** A transformer decoder as PyTorch exports one: learned positions, pre-normalisation, causal attention by Where, Gelu, tied embedding (Radford et al. 2019). */
export function gpt({ vocabulary, width, heads, blocks, length, batch }: GptOptions): Model {
  const next = random(11);
  const g = new GraphBuilder({ ...new GraphBuilder().model(), opsets: new Map([['', 20]]) });
  const size = width / heads;
  const weight = (name: string, dims: number[], limit = 0.08): string =>
    g.parameter(
      name,
      float32(
        dims,
        uniform(
          dims.reduce((a, b) => a * b, 1),
          limit,
          next,
        ),
      ),
    );
  const fill = (name: string, value: number, count = width): string =>
    g.parameter(name, float32([count], new Float32Array(count).fill(value)));
  const norm = (x: string, name: string): string =>
    g.op('LayerNormalization', [x, fill(`${name}.weight`, 1), fill(`${name}.bias`, 0)]);
  const linear = (x: string, name: string, from: number, to: number): string =>
    g.op('Add', [g.op('MatMul', [x, weight(`${name}.weight`, [from, to])]), fill(`${name}.bias`, 0, to)]);

  const embedding = weight('embedding', [vocabulary, width], 0.5);
  const tokens = g.input('tokens', 'int64', ['batch', length]);
  let x = g.op('Add', [g.op('Gather', [embedding, tokens]), weight('positions', [length, width], 0.5)]);
  const causal: Tensor = {
    type: 'bool',
    dims: [1, 1, length, length],
    data: Uint8Array.from({ length: length * length }, (_, i) => (i % length <= Math.floor(i / length) ? 1 : 0)),
  };
  const mask = g.parameter('mask', causal);
  for (let block = 0; block < blocks; block++) {
    const name = `block${block}`;
    const parts = g.ops('Split', [linear(norm(x, `${name}.ln1`), `${name}.qkv`, width, 3 * width)], 3, {
      axis: -1,
      num_outputs: 3,
    });
    const [q, k, v] = parts.map((part, i) => {
      const shaped = g.op('Reshape', [part, g.list([batch, length, heads, size])]);
      return g.op('Transpose', [shaped], { perm: i === 1 ? [0, 2, 3, 1] : [0, 2, 1, 3] });
    }) as [string, string, string];
    const scores = g.op('Div', [g.op('MatMul', [q, k]), g.scalar(Math.sqrt(size))]);
    const weights = g.op('Softmax', [g.op('Where', [mask, scores, g.scalar(-1e9)])], { axis: -1 });
    const mixed = g.op('Transpose', [g.op('MatMul', [weights, v])], { perm: [0, 2, 1, 3] });
    x = g.op('Add', [x, linear(g.op('Reshape', [mixed, g.list([batch, length, width])]), `${name}.out`, width, width)]);
    const hidden = g.op('Gelu', [linear(norm(x, `${name}.ln2`), `${name}.up`, width, 4 * width)], {
      approximate: 'tanh',
    });
    x = g.op('Add', [x, linear(hidden, `${name}.down`, 4 * width, width)]);
  }
  g.output('logits', g.op('MatMul', [norm(x, 'final'), g.op('Transpose', [embedding], { perm: [1, 0] })]));
  return g.model();
}
