import type { Tensor } from '../graph/tensor.ts';
import type { Lowering } from './lowering.ts';

/** The one whole number, or the list of them, that a constant holds. */
const numbers = (tensor: Tensor | undefined): readonly number[] | undefined =>
  tensor && Array.from(tensor.data as ArrayLike<bigint | number>, Number);

/**
 * PyTorch's default exporter writes `split` and `chunk` as a sequence of tensors from which each part is taken, unless it optimises:
 * a part of known place is a slice.
 */
export const sequenceLowerings: readonly Lowering[] = [
  {
    op: 'SequenceAt',
    lower(c) {
      const source = c.producer(c.input(0));
      if (!c.needs(0) || source?.op !== 'SplitToSequence') return undefined;
      const [x, splitInput = ''] = source.inputs as [string, string?];
      const dims = c.dims(x);
      const attribute = (name: string, fallback: number): number =>
        Number(source.attributes.get(name)?.value ?? fallback);
      const axis = (attribute('axis', 0) + dims.length) % dims.length;
      const size = dims[axis] as number;
      const split =
        splitInput === '' ? [1] : (numbers(c.constant(splitInput)) ?? c.refuse('parts that are not constant'));
      const [index] = numbers(c.constant(c.input(1))) ?? c.refuse('a place that is not constant');
      const isList = splitInput !== '' && c.constant(splitInput)?.dims.length === 1;
      const width = split[0] as number;
      const count = isList ? split.length : Math.ceil(size / width);
      const at = ((index as number) + count) % count;
      const start = isList ? split.slice(0, at).reduce((a, b) => a + b, 0) : at * width;
      const end = Math.min(start + (isList ? (split[at] as number) : width), size);
      const part = c.op('Slice', [x, c.list([start]), c.list([end]), c.list([axis])]);
      return [splitInput === '' && attribute('keepdims', 1) === 0 ? c.op('Squeeze', [part, c.list([axis])]) : part];
    },
  },
  // Nothing reads it any more then.
  { op: 'SplitToSequence', lower: () => undefined },
];
