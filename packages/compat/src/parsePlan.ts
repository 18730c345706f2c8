import { controllerDefinitions, createParser, scheduleDefinitions, type Parser } from '@anneal/core';
import { timmNoise } from './timm/noise.ts';

/**
 * The parser of every plan that a reader here makes: of all that core has, and of the schedules that only a framework has
 * (timm's noise). See core's `createParser` for what it refuses.
 *
 * @example
 * parsePlan({ type: 'timmNoise', schedule: 0.1, fromSteps: 10 }).learningRate(9) // 0.1
 */
export const parsePlan: Parser = /* @__PURE__ */ createParser([
  ...scheduleDefinitions,
  ...controllerDefinitions,
  timmNoise,
]);
