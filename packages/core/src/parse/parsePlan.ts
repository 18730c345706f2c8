import { controllerDefinitions, scheduleDefinitions } from '../generated/registry.gen.ts';
import { createParser, type Parser } from './createParser.ts';

/**
 * The parser of every schedule and controller in this package; see {@link createParser}.
 *
 * @example
 * const plan = parsePlan({ type: 'linear', initValue: 0.1, decaySteps: '100%' }, { totalSteps: 50 });
 * createScheduler(plan).values(25).learningRate; // 0.05
 */
export const parsePlan: Parser = /* @__PURE__ */ createParser([...scheduleDefinitions, ...controllerDefinitions]);
