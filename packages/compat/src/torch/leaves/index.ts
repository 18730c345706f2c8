import type { ReadLeaf } from '../leaf.ts';
import { constantLR } from './constantLR.ts';
import { cosineAnnealingLR } from './cosineAnnealingLR.ts';
import { cosineAnnealingWarmRestarts } from './cosineAnnealingWarmRestarts.ts';
import { cyclicLR } from './cyclicLR.ts';
import { exponentialLR } from './exponentialLR.ts';
import { lambdaLR } from './lambdaLR.ts';
import { linearLR } from './linearLR.ts';
import { multiplicativeLR } from './multiplicativeLR.ts';
import { multiStepLR } from './multiStepLR.ts';
import { oneCycleLR } from './oneCycleLR.ts';
import { polynomialLR } from './polynomialLR.ts';
import { stepLR } from './stepLR.ts';
import { swaLR } from './swaLR.ts';

/** Every PyTorch scheduler that holds no others, by the name of its class. */
export const leaves: Readonly<Record<string, ReadLeaf>> = {
  ConstantLR: constantLR,
  CosineAnnealingLR: cosineAnnealingLR,
  CosineAnnealingWarmRestarts: cosineAnnealingWarmRestarts,
  CyclicLR: cyclicLR,
  ExponentialLR: exponentialLR,
  LambdaLR: lambdaLR,
  LinearLR: linearLR,
  MultiplicativeLR: multiplicativeLR,
  MultiStepLR: multiStepLR,
  OneCycleLR: oneCycleLR,
  PolynomialLR: polynomialLR,
  StepLR: stepLR,
  SWALR: swaLR,
};
