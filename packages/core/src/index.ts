export * from './bestSoFar.ts';
export * from './controller.ts';
export * from './definition/defineController.ts';
export * from './definition/defineSchedule.ts';
export type { Default, Kind, Param, Params, ParamTable, Resolved } from './definition/kind.ts';
export { readOptions, type Contradiction, type ReadOptions } from './definition/readOptions.ts';
export {
  mustBe,
  ScheduleError,
  show,
  type MakeError,
  type Refusal,
  type ScheduleErrorCode,
  type ScheduleErrorDetails,
} from './error.ts';
export * from './generated/barrel.gen.ts';
export type * from './generated/specs.gen.ts';
export { controllerDefinitions, scheduleDefinitions } from './generated/registry.gen.ts';
export { lint, type LintOptions } from './lint/lint.ts';
export type { Finding, FindingCode, Severity } from './lint/finding.ts';
export { endBesideRun, type EndBesideRun } from './look/endBesideRun.ts';
export { extrema, type Extremum } from './look/extrema.ts';
export { fill } from './look/fill.ts';
export { integral } from './look/integral.ts';
export type { Outline, Part } from './look/outline.ts';
export { phases } from './look/phases.ts';
export type { Outlines, Phase } from './look/walk.ts';
export { metricDirection } from './metricDirection.ts';
export { batchMetric, isPerUpdate } from './metricNames.ts';
export { createParser, type Parser } from './parse/createParser.ts';
export type { Duration, Horizon, RunLength } from './definition/horizon.ts';
export type { Late } from './definition/late.ts';
export {
  isUnresolved,
  type Unresolved,
  type UnresolvedController,
  type UnresolvedSchedule,
  type UnresolvedSpec,
} from './definition/unresolved.ts';
export { parsePlan } from './parse/parsePlan.ts';
export type { Definition } from './parse/readNode.ts';
export {
  hyperparameters,
  type ControllerUse,
  type GroupTracks,
  type Hyperparameter,
  type Plan,
  type PlanSpec,
  type Track,
  type Tracks,
  type TrackSpec,
  type TracksSpec,
} from './plan/plan.ts';
export { layerwiseDecay } from './plan/layerwiseDecay.ts';
export { needsHorizon, toPlan } from './plan/toPlan.ts';
export type {
  LateGroup,
  LatePlan,
  LatePlanSpec,
  LateSchedule,
  LateTrack,
  LateTracks,
  LateTracksSpec,
  LateTrackSpec,
  LateUse,
} from './plan/latePlan.ts';
export type { PlanLike, WrittenPlan } from './plan/planLike.ts';
export { planToJSON, toSpec } from './plan/planToJSON.ts';
export {
  resolvePlan,
  type ResolvedPlan,
  type ResolvedTrack,
  type ResolvedTracks,
  type ResolvedUse,
} from './plan/resolvePlan.ts';
export { unheardControllers } from './plan/unheardControllers.ts';
export { scaleTo, type ScaleToOptions } from './scale/scaleTo.ts';
export {
  suggestLearningRate,
  type RangeOptions,
  type RangePoint,
  type RangeRule,
  type RangeSuggestion,
} from './range-test/suggestLearningRate.ts';
export * from './schedule.ts';
export { createScheduler } from './scheduler/createScheduler.ts';
export { planResume, type PlannedResume, type ResumeOptions } from './scheduler/planResume.ts';
export type * from './scheduler/scheduler.ts';
export { bounded } from './numerics/bounded.ts';
export { annealShapes, type AnnealShape } from './curves/annealShape.ts';
