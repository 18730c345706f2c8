export * from './controller.ts';
export * from './definition/defineController.ts';
export * from './definition/defineSchedule.ts';
export type { Default, Kind, Param, Params, ParamTable, Resolved } from './definition/kind.ts';
export type { Contradiction } from './definition/readOptions.ts';
export * from './error.ts';
export * from './generated/barrel.gen.ts';
export type * from './generated/specs.gen.ts';
export { controllerDefinitions, scheduleDefinitions } from './generated/registry.gen.ts';
export { createParser, type Definition, type Parser } from './parse/createParser.ts';
export type { Horizon } from './parse/horizon.ts';
export { parsePlan } from './parse/parsePlan.ts';
export {
  hyperparameters,
  planToJSON,
  resolvePlan,
  toPlan,
  type ControllerUse,
  type Hyperparameter,
  type Plan,
  type PlanLike,
  type PlanSpec,
  type ResolvedPlan,
  type ResolvedTrack,
  type ResolvedTracks,
  type ResolvedUse,
  type Track,
  type Tracks,
  type TrackSpec,
} from './plan/plan.ts';
export * from './schedule.ts';
export { createScheduler } from './scheduler/createScheduler.ts';
export type * from './scheduler/scheduler.ts';
export { annealShapes, type AnnealShape } from './shapes/annealShape.ts';
