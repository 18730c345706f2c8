import type { Json } from '../controller.ts';
import { defineController, type ControllerDefinition } from '../definition/defineController.ts';
import { count } from '../kinds/count.ts';
import { factor } from '../kinds/factor.ts';
import { fraction } from '../kinds/fraction.ts';
import { integer } from '../kinds/integer.ts';
import { stepsOrZero } from '../kinds/stepsOrZero.ts';
import { text } from '../kinds/text.ts';
import { between } from '../curves/shape.ts';

export interface SpikeGuardOptions {
  /** The metric to read, of every update: its loss, or the norm of its gradient, "gradientNorm"; default "batchLoss". */
  readonly monitor?: string;
  /** Reports that the running mean and deviation look back on; default 100. */
  readonly window?: number;
  /** Reports before the first spike can be seen; default 20. */
  readonly minReports?: number;
  /** Standard deviations above the mean from which on a report is a spike; default 4. */
  readonly threshold?: number;
  /** And the least share of the mean's size that it must be above it; default 0.1. */
  readonly margin?: number;
  /** What a spike multiplies the value by; default 0.1. */
  readonly cutFactor?: number;
  /** Steps for which the value stays there; default 10. */
  readonly waitSteps?: number;
  /** Steps of the straight line back to all of it; default 100. */
  readonly rewarmSteps?: number;
}

/** What the spike guard remembers. */
export type SpikeGuardState = {
  readonly reports: number;
  readonly mean: number;
  readonly variance: number;
  /** The step at which the last spike was reported. */
  readonly spikeStep: number | null;
} & {
  readonly [key: string]: Json;
};

/** Squares of metrics within this stay finite. */
const largest = 1e150;

/**
 * Answers a jump of the loss or of the gradient norm: cuts the value, waits, and warms up again.
 *
 * Mean and deviation run over the last reports. A spike goes into them cut off at the limit, so that one does not spoil
 * them but a new level is learnt in time; NaN is a spike and goes into nothing. While the cut value waits no further
 * spike counts; one during the re-warming starts all over.
 *
 * @formula spike: m > mean + max(threshold·deviation, margin·|mean|); then factor = cutFactor for waitSteps, then
 *   cutFactor·(1−x) + x, x = the share of rewarmSteps that is over
 * @start factor 1
 * @end factor 1 when the last spike is waitSteps + rewarmSteps ago
 * @source in the spirit of Chowdhery et al. 2022, "PaLM", arXiv 2204.02311, section 5.1, and Huang et al. 2025, "SPAM",
 *   arXiv 2501.06842
 * @equivalents OLMo-core SkipStepOptimizer sees spikes likewise, but skips the update
 * @example
 * spikeGuard({ monitor: 'gradientNorm' }).monitor // "gradientNorm"
 */
export const spikeGuard: ControllerDefinition<'spikeGuard', SpikeGuardOptions, SpikeGuardState> =
  /* @__PURE__ */ defineController(
    'spikeGuard',
    {
      monitor: [text, 'batchLoss'],
      window: [integer, 100],
      minReports: [count, 20],
      threshold: [factor, 4],
      margin: [factor, 0.1],
      cutFactor: [fraction, 0.1],
      waitSteps: [stepsOrZero, 10],
      rewarmSteps: [stepsOrZero, 100],
    },
    ({ window, minReports, threshold, margin, cutFactor, waitSteps, rewarmSteps }) => {
      const isWaiting = ({ spikeStep }: SpikeGuardState, step: number): boolean =>
        spikeStep !== null && step < spikeStep + waitSteps;
      return {
        init: () => ({ reports: 0, mean: 0, variance: 0, spikeStep: null }),
        observe: (state, report, { step }) => {
          const { reports, mean, variance } = state;
          const limit = mean + Math.max(threshold * Math.sqrt(variance), margin * Math.abs(mean));
          const watching = reports >= Math.max(1, minReports);
          const isSpike = Number.isNaN(report) || (watching && report > limit);
          const spikeStep = isSpike && !isWaiting(state, step) ? step : state.spikeStep;
          if (Number.isNaN(report)) return { ...state, spikeStep };
          const metric = Math.max(-largest, Math.min(largest, isSpike ? limit : report));
          // The plain mean and variance of the first reports, then exponential ones: each new report weighs 1/window.
          const weight = 1 / Math.min(reports + 1, window);
          const distance = metric - mean;
          return {
            reports: Math.min(reports + 1, Number.MAX_SAFE_INTEGER),
            mean: mean + weight * distance,
            variance: (1 - weight) * (variance + weight * distance * distance),
            spikeStep,
          };
        },
        factor: (state, { step }) => {
          if (state.spikeStep === null) return 1;
          if (isWaiting(state, step)) return cutFactor;
          const over = Math.max(0, step - state.spikeStep - waitSteps);
          return over < rewarmSteps ? between(cutFactor, 1, over / rewarmSteps) : 1;
        },
      };
    },
    ({ cutFactor, waitSteps, rewarmSteps }) => {
      if (waitSteps + rewarmSteps === 0) return ['rewarmSteps', '> 0 where waitSteps is 0'];
      return cutFactor < 1 ? undefined : ['cutFactor', 'a number in [0, 1)'];
    },
  );
