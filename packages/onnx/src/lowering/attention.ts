import { add, expand, matMul, mul, reshape, transpose, where } from '../graph/arithmetic.ts';
import { isReached, type Lowering, type LoweringContext } from './lowering.ts';

/** The least float32: softmax makes 0 of it, and of a row that holds nothing else no NaN. */
const least = -3.4028234663852886e38;

/** [B, L, heads·d] or [B, heads, L, d] to the latter; fewer heads than `repeats` asks for are repeated. */
function headsOf(c: LoweringContext, index: number, heads: number, repeats = 1): { value: string; dims: number[] } {
  const x = c.input(index);
  const given = c.dims(x);
  if (heads === 0 && given.length === 3) c.refuse('three axes without q_num_heads and kv_num_heads');
  const dims =
    given.length === 4 ? [...given] : [given[0] as number, heads, given[1] as number, (given[2] as number) / heads];
  const [batch, count, length, size] = dims as [number, number, number, number];
  let value = given.length === 4 ? x : transpose(c, reshape(c, x, [batch, length, count, size]), [0, 2, 1, 3]);
  if (repeats === 1) return { value, dims };
  value = expand(c, reshape(c, value, [batch, count, 1, length, size]), [batch, count, repeats, length, size]);
  const all = [batch, count * repeats, length, size];
  return { value: reshape(c, value, all), dims: all };
}

/**
 * Attention of operator set 23, as PyTorch's `scaled_dot_product_attention` is exported to it: softmax(s·Q·Kᵀ + mask)·V in each head. The formulas are
 * those of https://onnx.ai/onnx/operators (Attention).
 */
export const attention: Lowering = {
  op: 'Attention',
  attributes: [
    'is_causal',
    'kv_num_heads',
    'q_num_heads',
    'qk_matmul_output_mode',
    'scale',
    'softcap',
    'softmax_precision',
  ],
  lower(c) {
    if (!isReached(c)) return undefined;
    if (c.node.inputs.slice(4).some(Boolean)) c.refuse('keys and values of the past');
    if (c.node.outputs.slice(1).some(Boolean)) c.refuse('more outputs than the first');
    if (c.float('softcap', 0) !== 0) c.refuse('softcap');
    const q = headsOf(c, 0, c.int('q_num_heads', 0));
    const own = c.int('kv_num_heads', 0) || (c.dims(c.input(1))[1] as number);
    const repeats = (q.dims[1] as number) / own;
    const [k, v] = [1, 2].map((input) => headsOf(c, input, c.int('kv_num_heads', 0), repeats)) as [typeof q, typeof q];
    const [batch, heads, length, size] = q.dims as [number, number, number, number];
    const keys = k.dims[2] as number;
    const products = matMul(c, q.value, transpose(c, k.value, [0, 1, 3, 2]));
    let scores = mul(c, products, c.float('scale', 1 / Math.sqrt(size)));
    const mask = c.input(3);
    if (mask !== '') scores = c.type(mask) === 'bool' ? where(c, mask, scores, least) : add(c, scores, mask);
    if (c.int('is_causal', 0) !== 0) {
      const data = Uint8Array.from({ length: length * keys }, (_, i) => (i % keys <= Math.floor(i / keys) ? 1 : 0));
      scores = where(c, c.tensor({ type: 'bool', dims: [length, keys], data }), scores, least);
    }
    const y = matMul(c, c.op('Softmax', [scores], { axis: -1 }), v.value);
    if (c.dims(c.input(0)).length === 4) return [y];
    return [reshape(c, transpose(c, y, [0, 2, 1, 3]), [batch, length, heads * (v.dims[3] as number)])];
  },
};
