import { bestSoFar, unheardControllers, type BestSoFar } from '@anneal/core';
import type { Batch } from '../data/tensor.ts';
import { LabError } from '../labError.ts';
import type { Learner, Trained } from '../learners/learner.ts';
import { guideOf } from '../tasks/task.ts';
import type { Checkpoint, Place } from './checkpoint.ts';
import { asReports, evaluate } from './evaluate.ts';
import type { StepEvent, TrainingEvent } from './events.ts';
import type { LoopState } from './loopState.ts';
import { mostRollbacks, rollbackFactor, rollbackMetric } from './rollback.ts';
import type { Setup } from './setup.ts';
import { nextMultiple, Stretches, turns } from './stretches.ts';
import type { Ended, TrialResult } from './trialResult.ts';

/** What a training loop is given besides setup and learner. */
export interface TrialHost {
  /** Ends the run after the update under way, with a checkpoint; aborting is not an error. */
  readonly signal?: AbortSignal;
  /** Receives what happened, in order, after each stretch of updates. */
  readonly events?: (events: readonly TrainingEvent[]) => void;
  /** Goes on from here instead of from the start. */
  readonly resume?: Checkpoint | undefined;
  /** Receives a checkpoint every `checkpointSteps` updates, when the run is aborted, and at its end. */
  readonly checkpoint?: (checkpoint: Checkpoint) => Promise<void> | void;
  /** Updates between checkpoints; default at validations, but no sooner than 2 s after the one before. */
  readonly checkpointSteps?: number | undefined;
  /** Asked after each validation whether to end as pruned. */
  readonly prune?: (running: Pick<TrialResult, 'trial' | 'curve'>) => boolean | Promise<boolean>;
  /** Updates handed to the learner at once; default as many as take 50 ms. The numbers do not depend on it. */
  readonly stretch?: number;
  /** Lets other work in between two stretches; default a turn of the event loop at most every 20 ms. */
  readonly pause?: () => Promise<void>;
}

const checkpointPause = 2000;

/**
 * Trains a learner through a setup: a validation before the first update and after each interval, checkpoints, the best
 * weights, early stopping, a way back or an end where a loss is not finite, one test at the end.
 *
 * After a validation controllers are told first, then early stopping judges: one evaluation feeds both. A run that is
 * aborted and resumed from its last checkpoint gives the same weights and events, bit for bit, as one that never stopped.
 * The learner stays the caller's to dispose of.
 *
 * Throws a {@link LabError} where the checkpoint belongs to another trial, and what learner and source throw.
 */
export async function runTrial(setup: Setup, learner: Learner, host: TrialHost = {}): Promise<TrialResult> {
  const { id, trial, task, source, totalSteps, stepsPerEpoch, validateSteps, accumulate } = setup;
  const { signal, events: tell, prune, pause = turns(), checkpointSteps } = host;
  const { scheduler } = learner;
  const { patience, keep } = trial;
  const guide = guideOf(task);
  const guideName = guide.name.slice('val_'.length);
  const follow = bestSoFar({ mode: guide.metric.goal, ...(patience !== null && { patience }) });
  const rollsBack = trial.onDivergence === 'rollback';
  // What acts with the policy it trains is asked for a batch once the update before it is made.
  const stretches = new Stretches(source.example === undefined ? host.stretch : 1);
  const hearsEpochs =
    unheardControllers(
      setup.plan,
      setup.reports.filter((name) => name !== 'loss'),
    ).length > 0;

  const { place, resumed } = await begin(setup, learner, follow, host);
  let { state, best, good } = place;
  if (state.result !== undefined) return state.result;

  const at = (step: number) => ({ step, epoch: Math.floor(step / stepsPerEpoch) });
  /** The learner's bytes at this very step, saved once for all who want them. */
  let saved: { readonly step: number; readonly bytes: Uint8Array } | undefined;
  const bytes = async (): Promise<Uint8Array> => {
    if (saved?.step !== state.step) saved = { step: state.step, bytes: await learner.save() };
    return saved.bytes;
  };
  const stateNow = (): LoopState => ({ ...state, source: source.state?.save() ?? null, scheduler: scheduler.state() });
  let lastCheckpoint = performance.now();
  const checkpoint = async (): Promise<void> => {
    if (host.checkpoint === undefined) return;
    await host.checkpoint({ state: stateNow(), learner: await bytes(), best, good });
    lastCheckpoint = performance.now();
  };

  /** Looks at the validation split, tells the controllers, keeps what is the best so far. */
  const validate = async (): Promise<void> => {
    const measured = await evaluate(task, source, 'validation', learner.predict);
    tell?.([{ event: 'evaluation', ...at(state.step), split: 'validation', metrics: measured }]);
    scheduler.report({ ...epochReport(state, stepsPerEpoch), ...asReports(measured) });
    saved = undefined;
    const value = measured[guideName] ?? NaN;
    const now = follow.observe(state.best, value);
    state = {
      ...state,
      curve: [...state.curve, { step: state.step, split: 'validation', measured }],
      best: now,
      ...(now.improved && { bestStep: state.step }),
    };
    if (now.improved && keep !== 'last') best = await bytes();
    if (rollsBack && Number.isFinite(value) && state.step > (good?.state.step ?? -1)) {
      state = { ...state, rollbacks: 0 };
      good = { state: stateNow(), learner: await bytes() };
    }
  };

  /** Goes back to the last good place with a lower rate; false where that has been tried often enough. */
  const goBack = async (): Promise<boolean> => {
    if (!rollsBack || good === null || state.rollbacks >= mostRollbacks) return false;
    const [from, rollbacks] = [state.step, state.rollbacks + 1];
    await learner.load(good.learner);
    if (good.state.source !== null) source.state?.restore(good.state.source);
    const factor = rollbackFactor ** rollbacks;
    scheduler.report({ [rollbackMetric]: factor });
    state = { ...good.state, milliseconds: state.milliseconds, rollbacks };
    saved = undefined;
    tell?.([{ event: 'rollback', ...at(from), to: state.step, factor }]);
    await checkpoint();
    return true;
  };

  /** Measures of the weights that the learner ended with. */
  const finalMeasures = async (): Promise<TrialResult['measured']> => {
    if (ended === 'aborted') return {};
    const { step } = scheduler;
    const known = state.curve.findLast((point) => point.split === 'validation' && point.step === step)?.measured;
    const validation = known ?? (await evaluate(task, source, 'validation', learner.predict));
    if (ended === 'pruned') return { validation };
    const test = await evaluate(task, source, 'test', learner.predict);
    tell?.([{ event: 'evaluation', ...at(state.step), split: 'test', metrics: test }]);
    return { validation, test };
  };

  let ended: Ended = 'completed';
  let reason: string | null = null;
  if (!resumed) await validate();
  while (state.step < totalSteps) {
    if (signal?.aborted === true) {
      await checkpoint();
      [ended, reason] = ['aborted', `the run was aborted at step ${state.step}`];
      break;
    }
    const boundary = Math.min(
      nextMultiple(state.step, validateSteps),
      hearsEpochs ? nextMultiple(state.step, stepsPerEpoch) : Infinity,
      checkpointSteps === undefined ? Infinity : nextMultiple(state.step, checkpointSteps),
      totalSteps,
    );
    const end = state.step + stretches.next(boundary - state.step);
    const started = performance.now();
    const batches: Batch[] = [];
    for (let step = state.step; step < end; step += 1) {
      const epoch = Math.floor(step / stepsPerEpoch);
      const first = epoch * source.stepsPerEpoch + (step - epoch * stepsPerEpoch) * accumulate;
      for (let i = 0; i < accumulate; i += 1) {
        const batch = source.batch(first + i, learner.predict);
        batches.push(batch instanceof Promise ? await batch : batch);
      }
    }
    const trained = await learner.train(batches, signal === undefined ? {} : { signal });
    const milliseconds = performance.now() - started;
    const updates = trained.losses.length;
    stretches.took(milliseconds, updates);
    const made = stepEvents(trained, state.step, at);
    tell?.([...made, { event: 'timing', step: state.step, updates, milliseconds }]);
    state = advanced(state, trained, milliseconds, stepsPerEpoch);
    if (trained.stopped === 'diverged') {
      if (await goBack()) continue;
      const tried = state.rollbacks === 0 ? '' : `; so it was after each of ${state.rollbacks} ways back`;
      [ended, reason] = ['diverged', `${trained.reason}${tried}`];
      break;
    }
    if (state.step === end) {
      if (state.step % validateSteps === 0 || state.step === totalSteps) {
        await validate();
        if (state.best.stop) {
          ended = 'early';
          reason = `${guide.name} has not improved in ${state.best.waited} validations`;
          break;
        }
        if (state.step < totalSteps && (await prune?.({ trial, curve: state.curve })) === true) {
          [ended, reason] = ['pruned', `pruned after ${state.step} updates`];
          break;
        }
      } else if (hearsEpochs && state.step % stepsPerEpoch === 0) {
        scheduler.report(epochReport(state, stepsPerEpoch));
      }
      const due =
        checkpointSteps === undefined
          ? state.step % validateSteps === 0 && performance.now() - lastCheckpoint > checkpointPause
          : state.step % checkpointSteps === 0;
      if (due && state.step < totalSteps) await checkpoint();
    }
    await pause();
  }

  // What the learner holds after a loss that is not finite cannot be gone on from; everything else can.
  const last: Place | null =
    ended === 'diverged' || host.checkpoint === undefined ? null : { state: stateNow(), learner: await bytes() };
  const takesBest = keep === 'best' || (keep !== 'last' && (ended === 'early' || ended === 'diverged'));
  if (takesBest && best !== null && state.bestStep !== state.step) await learner.load(best);
  const result: TrialResult = {
    id,
    trial,
    ended,
    updates: state.step,
    reason,
    testedStep: scheduler.step,
    measured: {
      train: { loss: meanLoss(state) },
      ...(await finalMeasures()),
    },
    curve: state.curve,
    stepSeconds: state.step > 0 ? state.milliseconds / 1000 / state.step : 0,
  };
  if (ended === 'aborted') return result;
  state = { ...state, result };
  if (host.checkpoint !== undefined) {
    const { learner: kept, state: where } = last ?? { learner: await learner.save(), state: stateNow() };
    await host.checkpoint({ state: { ...where, result }, learner: kept, best, good });
  }
  return result;
}

/** The place that a run begins at: its own checkpoint, another trial's, or the start. */
async function begin(
  { id, trial, source, totalSteps, parent }: Setup,
  learner: Learner,
  follow: BestSoFar,
  { resume }: TrialHost,
): Promise<{ readonly place: Pick<Checkpoint, 'state' | 'best' | 'good'>; readonly resumed: boolean }> {
  const { scheduler } = learner;
  if (resume !== undefined) {
    if (resume.state.id !== id) {
      const message = `the checkpoint belongs to another trial: its identity is ${resume.state.id}, here it is ${id}`;
      throw new LabError('checkpoint', message);
    }
    if (resume.state.result === undefined) {
      await learner.load(resume.learner);
      if (resume.state.source !== null) source.state?.restore(resume.state.source);
    }
    return { place: resume, resumed: true };
  }
  if (parent !== undefined) {
    const { cooldown } = trial.from ?? {};
    await learner.load(parent.learner, { onPlanChange: 'takeNew' });
    if (cooldown !== undefined) scheduler.anneal({ steps: cooldown, endFactor: 0 });
    if (parent.state.source !== null) source.state?.restore(parent.state.source);
    const { result: _, ...state } = { ...parent.state, trial, id, totalSteps, rollbacks: 0 };
    const best = { ...state.best, waited: 0, stop: false };
    return { place: { state: { ...state, best }, best: parent.best, good: null }, resumed: true };
  }
  const fresh = { step: 0, epochLoss: { sum: 0, updates: 0, last: null }, bestStep: null, rollbacks: 0 };
  const state = {
    version: 1,
    trial,
    id,
    totalSteps,
    ...fresh,
    best: follow.init(),
    curve: [],
    milliseconds: 0,
    source: null,
  } as const;
  return { place: { state: { ...state, scheduler: scheduler.state() }, best: null, good: null }, resumed: false };
}

function stepEvents(
  { losses, applied, gradientNorms }: Trained,
  from: number,
  at: (step: number) => { readonly step: number; readonly epoch: number },
): StepEvent[] {
  return Array.from(losses, (loss, i) => ({
    event: 'step',
    ...at(from + i),
    values: applied[i]!,
    loss,
    ...(gradientNorms !== undefined && { gradientNorm: gradientNorms[i]! }),
  }));
}

/** The state after a stretch; the mean of an epoch moves to `last`, and into the curve, when the epoch is complete. */
function advanced(state: LoopState, { losses }: Trained, milliseconds: number, stepsPerEpoch: number): LoopState {
  let { sum, updates, last } = state.epochLoss;
  const means: LoopState['curve'][number][] = [];
  losses.forEach((loss, i) => {
    sum += loss;
    updates += 1;
    const step = state.step + i + 1;
    if (step % stepsPerEpoch !== 0) return;
    [sum, updates, last] = [0, 0, sum / updates];
    means.push({ step, split: 'train', measured: { loss: last } });
  });
  return {
    ...state,
    step: state.step + losses.length,
    epochLoss: { sum, updates, last },
    curve: means.length === 0 ? state.curve : [...state.curve, ...means],
    milliseconds: state.milliseconds + milliseconds,
  };
}

/** The mean loss of an epoch that ends at this step. */
const epochReport = ({ step, epochLoss: { last } }: LoopState, stepsPerEpoch: number): Record<string, number> =>
  last !== null && step > 0 && step % stepsPerEpoch === 0 ? { loss: last } : {};

/** Of the last epoch, or of the part of it that was run; null before the first update. */
const meanLoss = ({ epochLoss: { sum, updates, last } }: LoopState): number | null =>
  updates === 0 ? last : sum / updates;
