import { describe, expect, test } from 'vitest';
import { float32, GraphBuilder, layerGroups, OnnxError } from '../index.ts';

const weight = float32([2, 2], [1, 2, 3, 4]);
const bias = float32([2], [0, 0]);

/**
 * An encoder as PyTorch's legacy exporter writes one: biases keep their names, weights that it transposes lose them, nodes are named
 * by scope. `scopes: false` names no node, as other exporters do.
 */
function encoder(scopes = true): GraphBuilder {
  const g = new GraphBuilder();
  let count = 100;
  const linear = (x: string, module: string): string => {
    const w = g.parameter(`onnx::MatMul_${count++}`, weight);
    const path = `/${module.replaceAll('.', '/').replace('layer/', 'layer.')}`;
    const product = g.op('MatMul', [x, w]);
    g.nodes.push({ ...g.nodes.pop()!, name: scopes ? `${path}/MatMul` : '' });
    return g.op('Add', [g.parameter(`${module}.bias`, bias), product], {}, `${module}.sum`);
  };
  let x = g.op('Add', [g.input('x', 'float32', [2, 2]), g.parameter('embeddings.position.weight', weight)]);
  // Eleven layers, so that an order by text or by integer keys shows.
  for (let i = 0; i < 11; i++) {
    const name = `encoder.layer.${i}`;
    const norm = g.parameter(`${name}.norm.weight`, bias);
    x = g.op('LayerNormalization', [linear(x, `${name}.query`), norm]);
    x = linear(x, `${name}.output.dense`);
  }
  g.output('y', linear(x, 'classifier'));
  return g;
}

const layerNames = Array.from({ length: 11 }, (_, i) => `layer${i}`);

describe('layerGroups', () => {
  test.each([true, false])(
    'orders parameters from input to output, weights that lost their names among them (scopes: %s)',
    (scopes) => {
      const groups = layerGroups(encoder(scopes), /^encoder\.layer\.(\d+)\./);
      expect(Object.keys(groups)).toEqual(['stem', ...layerNames, 'head']);
      // Without a scope the first weight of the first layer cannot be told from what stands before the layers.
      expect(groups['stem']).toEqual(['embeddings.position.weight', ...(scopes ? [] : ['onnx::MatMul_100'])]);
      const of = (i: number): string[] => [
        `onnx::MatMul_${100 + 2 * i}`,
        `encoder.layer.${i}.query.bias`,
        `encoder.layer.${i}.norm.weight`,
        `onnx::MatMul_${101 + 2 * i}`,
        `encoder.layer.${i}.output.dense.bias`,
      ];
      expect(groups['layer0']).toEqual(of(0).slice(scopes ? 0 : 1));
      expect(groups['layer1']).toEqual(of(1));
      expect(groups['layer10']).toEqual(of(10));
      expect(groups['head']).toEqual(['onnx::MatMul_122', 'classifier.bias']);
    },
  );

  test('takes a function and other names', () => {
    const halves = layerGroups(
      encoder(),
      (name) => {
        const layer = /layer\.(\d+)/.exec(name)?.[1];
        return layer === undefined ? undefined : Number(layer) < 6 ? 'lower' : 'upper';
      },
      { before: 'embeddings', after: 'classifier' },
    );
    expect(Object.keys(halves)).toEqual(['embeddings', 'lower', 'upper', 'classifier']);
    expect(Object.values(halves).map((names) => names.length)).toEqual([1, 30, 25, 2]);
  });

  test('an expression with the flags g or y matches from the start each time', () => {
    const pattern = /^encoder\.layer\.(\d+)\./gy;
    pattern.lastIndex = 5;
    expect(Object.keys(layerGroups(encoder(), pattern))).toHaveLength(13);
  });

  test('refuses a pattern that names no layer', () => {
    const group = (): unknown => layerGroups(encoder(), /^blocks\.(\d+)/);
    expect(group).toThrow(OnnxError);
    expect(group).toThrow(
      'layerGroups: pattern: it names the layer of no parameter; there are embeddings.position.weight, ',
    );
  });
});
