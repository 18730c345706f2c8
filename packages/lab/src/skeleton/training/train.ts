import { unheardControllers, type Metrics } from '@anneal/core';
import { LabError } from '../../labError.ts';
import type { Learner, Trained } from '../learners/learner.ts';
import type { Checkpoint, LoopState, Stopped, TrainResult } from './checkpoint.ts';
import { evaluate, type Evaluation } from './evaluate.ts';
import type { MetricsEvent, MetricsSink } from './events.ts';
import { reportedMetrics } from './reportedMetrics.ts';
import type { Setup } from './setup.ts';

export interface TrainOptions {
  /** Names the run in events and files: `"schedule"` (default) or `"control"`. */
  readonly run?: string;
  /** Where events go. */
  readonly sink?: MetricsSink;
  /** Ends the run after the update under way, with a checkpoint; aborting is not an error. */
  readonly signal?: AbortSignal;
  /** Goes on from here instead of from the start. */
  readonly resume?: Checkpoint | undefined;
  /** Receives a checkpoint every `checkpointSteps` updates, when the run is aborted, and at its end. */
  readonly onCheckpoint?: (checkpoint: Checkpoint) => Promise<void> | void;
  /** Updates between checkpoints; default one epoch. */
  readonly checkpointSteps?: number;
  /**
   * Stops after so many validations without a lower validation loss, and takes the best weights; default never. One
   * validation is made before the first update and one after each epoch.
   */
  readonly patience?: number;
  /** Most updates handed to the learner at once; default 16. The numbers do not depend on it. */
  readonly stretch?: number;
  /** Lets other work in between two stretches; default a turn of the event loop at most every 20 ms. */
  readonly pause?: () => Promise<void>;
}

/**
 * Trains a learner through a setup: epochs, a validation before the first and after each of them, checkpoints, the best
 * weights, early stopping, a stop where the loss is no longer finite, one test at the end.
 *
 * A run that is aborted and resumed from its last checkpoint gives the same weights and events, bit for bit, as one
 * that never stopped. A loss that is not finite ends the run as `"diverged"`: the best weights are taken back and
 * tested. The learner stays the caller's to dispose of.
 *
 * Throws a {@link LabError} where the checkpoint belongs to another run, or the plan's controllers monitor a metric
 * that is never reported here.
 */
export async function train(learner: Learner, setup: Setup, options: TrainOptions = {}): Promise<TrainResult> {
  const { run = 'schedule', sink, signal, resume, patience = Infinity, stretch = 16, pause = turns() } = options;
  const { stepsPerEpoch, totalSteps, splits } = setup;
  const { onCheckpoint, checkpointSteps = stepsPerEpoch } = options;
  checkMonitors(learner);

  const origin = { run, backend: learner.backend, seed: setup.seed };
  let state: LoopState = { version: 1, ...origin, step: 0, ...fresh };
  let best: Uint8Array | null = null;
  if (resume !== undefined) {
    ({ state, best } = resume);
    checkOrigin(state, origin);
    if (state.result !== undefined) return state.result;
    await learner.load(resume.learner);
  }

  const at = (step: number) => ({ ...origin, step, epoch: Math.floor(step / stepsPerEpoch) });
  const write = (...events: MetricsEvent[]): void => sink?.write(events);
  const checkpoint = async (): Promise<void> => {
    if (onCheckpoint !== undefined) await onCheckpoint({ state, learner: await learner.save(), best });
  };

  /** Looks at the validation split, tells the controllers, keeps the weights if they are the best so far. */
  const validate = async (): Promise<Evaluation> => {
    const found = await evaluate(learner, splits.validation);
    write({ event: 'evaluation', ...at(state.step), split: 'validation', metrics: finite(found) });
    const { last } = state.epochLoss;
    learner.scheduler.report({
      ...(last !== null && { loss: last }),
      val_loss: found.loss,
      val_accuracy: found.accuracy,
    });
    const better = found.loss < (state.best?.loss ?? Infinity);
    if (better) best = await learner.save();
    state = better
      ? { ...state, best: { step: state.step, ...found }, waited: 0 }
      : { ...state, waited: state.waited + 1 };
    return found;
  };

  let stopped: Stopped = null;
  if (resume === undefined) await validate();
  while (state.step < totalSteps) {
    if (signal?.aborted === true) {
      await checkpoint();
      stopped = 'aborted';
      break;
    }
    const nextMultiple = (of: number): number => (Math.floor(state.step / of) + 1) * of;
    const end = Math.min(state.step + stretch, nextMultiple(stepsPerEpoch), nextMultiple(checkpointSteps), totalSteps);
    const batches = Array.from({ length: end - state.step }, (_, i) => setup.batch(state.step + i));
    const started = performance.now();
    const trained = await learner.train(batches, signal === undefined ? {} : { signal });
    const milliseconds = performance.now() - started;
    write(...stepEvents(trained, state.step, at));
    sink?.time?.({ event: 'timing', ...origin, step: state.step, updates: trained.losses.length, milliseconds });
    state = advanced(state, trained, milliseconds, stepsPerEpoch);
    if (trained.diverged === true) {
      stopped = 'diverged';
      break;
    }
    if (trained.losses.length === batches.length) {
      if (state.step % stepsPerEpoch === 0) await validate();
      if (state.waited >= patience) {
        stopped = 'early';
        break;
      }
      if (state.step % checkpointSteps === 0 && state.step < totalSteps) await checkpoint();
    }
    await pause();
  }

  if (best !== null && (stopped === 'diverged' || stopped === 'early')) await learner.load(best);
  const testedStep = learner.scheduler.step;
  const validation = await evaluate(learner, splits.validation);
  const test = await evaluate(learner, splits.test);
  const result: TrainResult = {
    stopped,
    steps: state.step,
    finalLoss: finalLoss(state),
    validation: finite(validation),
    test: finite(test),
    testedStep,
    stepsPerSecond: state.milliseconds > 0 ? (1000 * state.step) / state.milliseconds : 0,
  };
  if (stopped !== 'aborted') {
    write({ event: 'evaluation', ...at(state.step), split: 'test', metrics: finite(test) });
    state = { ...state, result };
    await checkpoint();
  }
  return result;
}

const fresh = { epochLoss: { sum: 0, updates: 0, last: null }, best: null, waited: 0, milliseconds: 0 };

function checkMonitors({ scheduler }: Learner): void {
  const [unheard] = unheardControllers(scheduler.plan, reportedMetrics);
  if (unheard === undefined) return;
  const rule = `one of those that training reports (${reportedMetrics.join(', ')})`;
  const received = JSON.stringify(unheard.use.monitor);
  throw new LabError('invalid', `controller ${unheard.path}: monitor must be ${rule}; received ${received}`);
}

function checkOrigin(state: LoopState, origin: { run: string; backend: string; seed: number }): void {
  for (const key of ['run', 'backend', 'seed'] as const) {
    if (state[key] === origin[key]) continue;
    const message = `the checkpoint belongs to another run: its ${key} is ${state[key]}, here it is ${origin[key]}`;
    throw new LabError('checkpoint', message);
  }
}

type Place = (step: number) => { run: string; backend: string; seed: number; step: number; epoch: number };

function stepEvents({ losses, applied }: Trained, from: number, at: Place): MetricsEvent[] {
  return losses.map((loss, i) => ({
    event: 'step',
    ...at(from + i),
    values: applied[i] as Metrics,
    loss,
  }));
}

/** The state after a stretch; the mean of an epoch moves to `last` when the epoch is complete. */
function advanced(state: LoopState, { losses }: Trained, milliseconds: number, stepsPerEpoch: number): LoopState {
  let { sum, updates, last } = state.epochLoss;
  for (const loss of losses) {
    sum += loss;
    updates += 1;
    if (updates === stepsPerEpoch) [sum, updates, last] = [0, 0, sum / updates];
  }
  return {
    ...state,
    step: state.step + losses.length,
    epochLoss: { sum, updates, last },
    milliseconds: state.milliseconds + milliseconds,
  };
}

function finalLoss({ epochLoss: { sum, updates, last } }: LoopState): number | null {
  return updates === 0 ? last : sum / updates;
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

function finite({ loss, accuracy }: Evaluation): { loss: number | null; accuracy: number } {
  return { loss: finiteOrNull(loss), accuracy };
}

/** Gives up the thread for one turn of the event loop if 20 ms have passed since it last did. */
function turns(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < 20) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 0);
    });
    since = performance.now();
  };
}
