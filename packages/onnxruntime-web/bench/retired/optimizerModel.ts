import { encode, tensorType, valueInfo, type Field } from './protobuf.ts';

const [FLOAT, INT64, BOOL] = [1, 7, 9];
/** AttributeProto; a float is field 2 with wire type 5, written by hand. */
const floatAttribute = (name: string, value: number): Uint8Array => {
  const head = encode([[1, name]]);
  const kind = encode([[20, 1]]);
  return Uint8Array.from([...head, 2 * 8 + 5, ...new Uint8Array(Float32Array.of(value).buffer), ...kind]);
};
const intAttribute = (name: string, value: number): Uint8Array =>
  encode([
    [1, name],
    [3, value],
    [20, 2],
  ]);

/** The optimizer model that onnxruntime 1.19's `TrainingSession` asks for: AdamW over all parameters in one node, here without decay. */
export function optimizerModel(epsilon: number): Uint8Array {
  const inputs = ['learning_rate', 'step', 'params', 'gradients', 'first_order_moments', 'second_order_moments'];
  const outputs = ['updated_flag', 'updated_params', 'updated_first_order_moments', 'updated_second_order_moments'];
  const node: readonly Field[] = [
    ...inputs.map((name): Field => [1, name]),
    ...outputs.map((name): Field => [2, name]),
    [4, 'AdamWOptimizer'],
    [5, floatAttribute('alpha', 0.9)],
    [5, floatAttribute('beta', 0.999)],
    [5, floatAttribute('epsilon', epsilon)],
    [5, floatAttribute('weight_decay', 0)],
    [5, intAttribute('adam_mode', 0)],
    [5, intAttribute('correct_bias', 1)],
    [7, 'com.microsoft'],
  ];
  const scalars: Readonly<Record<string, number>> = { learning_rate: FLOAT, step: INT64, updated_flag: BOOL };
  const infos = (names: readonly string[], field: number): Field[] =>
    names.map((name) => {
      const scalar = scalars[name];
      // Sequences of tensors, or tensors of one element.
      return [field, valueInfo(name, scalar === undefined ? [4, [[1, [tensorType(FLOAT)]]]] : tensorType(scalar, [1]))];
    });
  return encode([
    [1, 8],
    [
      8,
      [
        [1, ''],
        [2, 18],
      ],
    ],
    [
      8,
      [
        [1, 'com.microsoft'],
        [2, 1],
      ],
    ],
    [7, [[1, node], [2, 'optimizer'], ...infos(inputs, 11), ...infos(outputs, 12)]],
  ]);
}
