import type { Controller, ControllerSpec, Json } from '../controller.ts';
import type { Params, ParamTable, Resolved } from './kind.ts';
import type { Late } from './late.ts';
import { readOptions, type Contradiction } from './readOptions.ts';
import { unresolved, type UnresolvedController } from './unresolved.ts';

/** What a controller does, apart from its options. */
export type ControllerRules<State extends Json> = Pick<Controller<State>, 'init' | 'observe' | 'factor' | 'patience'>;

/** A kind of controller: call it with its options to get a controller. */
export interface ControllerDefinition<T extends string, O extends object, State extends Json = Json> {
  (options: O): Controller<State>;
  /** With a duration relative to the run (`'10%'`, `'5ep'`): no controller yet. */
  (options: Late<O>): UnresolvedController;
  // The last one is what inference and error messages go by.
  (options: O): Controller<State>;
  readonly type: T;
  readonly params: Params<O>;
  readonly controls: true;
}

/** Any kind of controller, whatever its options and state. */
export interface AnyControllerDefinition {
  (options: never): Controller;
  readonly type: string;
  readonly params: ParamTable;
  readonly controls: true;
}

/**
 * Defines a kind of controller as {@link defineSchedule} defines a schedule. Every controller has the option `monitor`.
 *
 * @example
 * const halving = defineController(
 *   'halving',
 *   { monitor: [text, 'loss'], below: rate },
 *   ({ below }) => ({
 *     init: () => false,
 *     observe: (reached, metric) => reached || metric < below,
 *     factor: (reached) => (reached ? 0.5 : 1),
 *   }),
 * );
 * const scheduler = createScheduler({
 *   learningRate: { schedule: 0.1, controllers: { halving: { use: halving({ below: 1 }) } } },
 * });
 * scheduler.report({ loss: 0.9 });
 * scheduler.values().learningRate; // 0.05
 */
// @__NO_SIDE_EFFECTS__
export function defineController<T extends string, O extends { readonly monitor?: string }, State extends Json>(
  type: T,
  params: Params<NoInfer<O>>,
  make: (options: Resolved<NoInfer<O>>) => ControllerRules<NoInfer<State>>,
  refine?: (options: Resolved<NoInfer<O>>) => Contradiction | undefined,
): ControllerDefinition<T, O, State> {
  const create = (options: O): Controller<State> => {
    const { resolved, spec } = readOptions(type, params, options, refine);
    const monitor = (resolved as { readonly monitor: string }).monitor;
    const described = { spec: spec as unknown as ControllerSpec, monitor, toJSON: () => spec };
    const controller = Object.assign(described, make(resolved));
    return Object.assign(controller, { resolve: () => controller });
  };
  const define = (options: O): unknown => unresolved(type, params, options, create) ?? create(options);
  return Object.assign(define as ControllerDefinition<T, O, State>, { type, params, controls: true as const });
}
