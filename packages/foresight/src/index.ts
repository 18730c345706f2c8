export {
  quadraticRisk,
  type GradientNoise,
  type QuadraticOptions,
  type QuadraticRisk,
} from './quadratic/quadraticRisk.ts';
export { lastIterateBound, type LastIterateBound, type LastIterateOptions } from './bound/lastIterateBound.ts';
