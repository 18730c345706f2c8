import { controllerDefinitions, scheduleDefinitions } from '../generated/registry.gen.ts';
import { createParser, type Parser } from './createParser.ts';

/** The parser of every schedule and controller in this package; see {@link createParser}. */
export const parsePlan: Parser = /* @__PURE__ */ createParser([...scheduleDefinitions, ...controllerDefinitions]);
