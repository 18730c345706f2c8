import { activationOperators } from './activations.ts';
import { arithmeticOperators } from './arithmetic.ts';
import { convolutionOperators } from './convolution.ts';
import { einsumOperators } from './einsum.ts';
import { gatherOperators } from './gather.ts';
import { linearOperators } from './linear.ts';
import { logicOperators } from './logic.ts';
import { lossOperators } from './losses.ts';
import { moveOperators } from './moves.ts';
import { normalizationOperators } from './normalization.ts';
import type { Operator } from './operator.ts';
import { poolingOperators } from './pooling.ts';
import { reductionOperators } from './reductions.ts';
import { resizeOperators } from './resize.ts';
import { shapeOperators } from './shapes.ts';

/** The operators that TensorFlow.js runs here, of operator set 18 and later. What is not among them may have a lowering in @anneal/onnx. */
export const standardOperators: readonly Operator[] = [
  ...arithmeticOperators,
  ...activationOperators,
  ...logicOperators,
  ...linearOperators,
  ...einsumOperators,
  ...shapeOperators,
  ...moveOperators,
  ...gatherOperators,
  ...reductionOperators,
  ...convolutionOperators,
  ...poolingOperators,
  ...normalizationOperators,
  ...resizeOperators,
  ...lossOperators,
];
