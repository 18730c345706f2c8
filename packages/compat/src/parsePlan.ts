import { controllerDefinitions, createParser, scheduleDefinitions, type Parser } from '@anneal/core';
import { pythonLambda } from './torch/pythonLambda.ts';
import { timmNoise } from './timm/noise.ts';

/**
 * The parser of every plan that a reader here makes: of all that core has, and of the schedules that only a framework has
 * (timm's noise, PyTorch's lambda). See core's `createParser` for what it refuses.
 *
 * @example
 * parsePlan({ type: 'timmNoise', schedule: 0.1, fromSteps: 10 }).learningRate(9) // 0.1
 */
export const parsePlan: Parser = /* @__PURE__ */ createParser([
  ...scheduleDefinitions,
  ...controllerDefinitions,
  pythonLambda,
  timmNoise,
]);
