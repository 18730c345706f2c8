import { sizeOf } from '../graph/tensor.ts';
import { OnnxError } from '../onnxError.ts';
import type { Initializer } from './weights.ts';

/** Numbers in [0, 1) from a seed: mulberry32 (Ettinger 2017), 32 bits of state, enough for first weights. */
function mulberry32(seed: number): () => number {
  if (!Number.isSafeInteger(seed))
    throw new OnnxError('argument', 'initializer', `seed must be a whole number; received ${seed}`);
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Uniform in [−limit, limit], each weight taking the next numbers of one stream. */
const uniform = (seed: number, limit: (fanIn: number, fanOut: number) => number): Initializer => {
  const next = mulberry32(seed);
  return (dims, fanIn, fanOut) => {
    const bound = limit(fanIn, fanOut);
    return Float32Array.from({ length: sizeOf(dims) }, () => (2 * next() - 1) * bound);
  };
};

/**
 * Uniform in ±√(6/fanIn): keeps the variance of what relu passes on.
 * He et al. 2015, "Delving deep into rectifiers", arXiv 1502.01852, eq. 10.
 */
export const heUniform = (seed: number): Initializer => uniform(seed, (fanIn) => Math.sqrt(6 / fanIn));

/**
 * Uniform in ±√(6/(fanIn + fanOut)): for tanh, sigmoid and attention.
 * Glorot, Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", AISTATS, eq. 16.
 */
export const glorotUniform = (seed: number): Initializer =>
  uniform(seed, (fanIn, fanOut) => Math.sqrt(6 / (fanIn + fanOut)));
