import { sizeOf } from '@anneal/onnx';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import type { Operator, OperatorContext, Tfjs } from './operator.ts';

/** A tensor whose axes have letters. */
interface Term {
  readonly letters: readonly string[];
  readonly tensor: Tensor;
}

const lengthOf = ({ letters, tensor }: Term, letter: string): number => tensor.shape[letters.indexOf(letter)] as number;

/** The term with its axes in another order. */
const ordered = (tf: Tfjs, { letters, tensor }: Term, order: readonly string[]): Tensor =>
  order.join() === letters.join()
    ? tensor
    : tf.transpose(
        tensor,
        order.map((letter) => letters.indexOf(letter)),
      );

/** Sums over the axes whose letters nothing else reads. */
function summed(tf: Tfjs, term: Term, kept: ReadonlySet<string>): Term {
  const axes = term.letters.flatMap((letter, i) => (kept.has(letter) ? [] : [i]));
  if (axes.length === 0) return term;
  return { letters: term.letters.filter((letter) => kept.has(letter)), tensor: tf.sum(term.tensor, axes) };
}

/** Two terms in one, as a product of matrices in a batch: shared letters that are read later, rows, columns; shared ones that are not are summed over. */
function product(tf: Tfjs, a: Term, b: Term, later: ReadonlySet<string>): Term {
  const shared = a.letters.filter((letter) => b.letters.includes(letter));
  const batch = shared.filter((letter) => later.has(letter));
  const inner = shared.filter((letter) => !later.has(letter));
  const rows = a.letters.filter((letter) => !shared.includes(letter));
  const columns = b.letters.filter((letter) => !shared.includes(letter));
  const size = (term: Term, letters: readonly string[]): number => sizeOf(letters.map((l) => lengthOf(term, l)));
  const matrices = (term: Term, order: readonly string[], dims: [number, number, number]): Tensor3D =>
    tf.reshape(ordered(tf, term, order), dims);
  const [n, k] = [size(a, batch), size(a, inner)];
  const left = matrices(a, [...batch, ...rows, ...inner], [n, size(a, rows), k]);
  const right = matrices(b, [...batch, ...inner, ...columns], [n, k, size(b, columns)]);
  const dims = [...batch, ...rows].map((letter) => lengthOf(a, letter));
  const tensor = tf.reshape(tf.matMul(left, right), [...dims, ...columns.map((letter) => lengthOf(b, letter))]);
  return { letters: [...batch, ...rows, ...columns], tensor };
}

function einsum(c: OperatorContext): Tensor {
  const equation = c.text('equation', '').replaceAll(' ', '');
  const [left, right] = equation.split('->') as [string, string?];
  const operands = left.split(',');
  const what = `for the equation "${equation}"`;
  if (
    equation.includes('.') ||
    operands.length !== c.count ||
    operands.some((term) => new Set(term).size !== term.length)
  )
    c.refuse(`${what}, which has "...", a repeated subscript, or another number of operands`);
  // Without a result: the letters that occur once, in the order of the alphabet.
  const once = [...new Set(left.replaceAll(',', ''))].filter((letter) => left.split(letter).length === 2).sort();
  const result = right === undefined ? once : Array.from(right);
  const terms = operands.map((letters, i): Term => ({ letters: Array.from(letters), tensor: c.float(i) }));
  if (terms.some(({ letters, tensor }) => letters.length !== tensor.rank)) c.refuse(what);
  const rest = terms.slice(1).reduce((a, b, i) => {
    const later = new Set([...result, ...terms.slice(i + 2).flatMap(({ letters }) => letters)]);
    const others = (other: Term): Set<string> => new Set([...later, ...other.letters]);
    return product(c.tf, summed(c.tf, a, others(b)), summed(c.tf, b, others(a)), later);
  }, terms[0] as Term);
  return ordered(c.tf, summed(c.tf, rest, new Set(result)), result);
}

/** Sums of products named by letters. */
export const einsumOperators: readonly Operator[] = [{ op: 'Einsum', attributes: ['equation'], device: einsum }];
