import type { GradientRule } from './gradientRule.ts';
import { activationRules } from './rules/activations.ts';
import { arithmeticRules } from './rules/arithmetic.ts';
import { convolutionRules } from './rules/convolution.ts';
import { crossEntropyRules } from './rules/crossEntropy.ts';
import { matMulRules } from './rules/matMul.ts';
import { moveRules } from './rules/moves.ts';
import { normalizationRules } from './rules/normalization.ts';
import { poolingRules } from './rules/pooling.ts';
import { reductionRules } from './rules/reductions.ts';
import { resizeRules } from './rules/resize.ts';
import { scatterRules } from './rules/scatter.ts';
import { shapeRules } from './rules/shapes.ts';
import { softmaxRules } from './rules/softmax.ts';

/**
 * The rules of the standard operators, operator set 18 and later. Your own are values of the same type:
 * `rules: [...standardRules, mine]`; a later rule for an operator replaces an earlier one.
 */
export const standardRules: readonly GradientRule[] = [
  ...arithmeticRules,
  ...activationRules,
  ...matMulRules,
  ...reductionRules,
  ...shapeRules,
  ...softmaxRules,
  ...crossEntropyRules,
  ...moveRules,
  ...scatterRules,
  ...convolutionRules,
  ...poolingRules,
  ...normalizationRules,
  ...resizeRules,
];
