import { defineSchedule, type Kind, type ScheduleDefinition, type SpecOf } from '@anneal/core';
import { rate } from '@anneal/core/kinds';
import { compiled } from '../python/compiled.ts';
import { PythonError } from '../python/pythonError.ts';
import { readLambda } from '../python/readLambda.ts';

export interface PythonLambdaOptions {
  /** What the lambda multiplies: PyTorch's base rate. */
  readonly initValue: number;
  /** The text of a lambda of the step: `"lambda epoch: 0.95 ** (epoch // 2)"`. */
  readonly lambda: string;
}

declare module '@anneal/core' {
  interface ScheduleSpecs {
    readonly pythonLambda: SpecOf<'pythonLambda', PythonLambdaOptions>;
  }
}

/** The text of a lambda that {@link readLambda} understands. */
export const lambdaText: Kind<string> = {
  kind: 'lambda',
  rule: 'the text of a Python lambda of one argument, of arithmetic alone',
  read: (value) => {
    if (typeof value !== 'string') return undefined;
    try {
      readLambda(value);
      return value;
    } catch (error) {
      if (error instanceof PythonError) return undefined;
      throw error;
    }
  },
};

/**
 * The lambda of PyTorch's LambdaLR, where no schedule of core has its numbers. The text is read as arithmetic, never run.
 *
 * Core does not know it: `parsePlan` of `@anneal/compat` reads it. The value may fall below 0, as PyTorch's does.
 *
 * @formula v(t) = initValue·λ(t), computed as Python does; 0 where Python has no number (a division by 0, a complex power)
 * @start initValue·λ(0)
 * @end the lambda's
 * @source PyTorch 2.13, torch.optim.lr_scheduler.LambdaLR
 * @example
 * pythonLambda({ initValue: 0.1, lambda: 'lambda epoch: 0.5 ** (epoch / 30)' })(30) // 0.05
 */
export const pythonLambda: ScheduleDefinition<'pythonLambda', PythonLambdaOptions> = /* @__PURE__ */ defineSchedule(
  'pythonLambda',
  { initValue: rate, lambda: lambdaText },
  ({ initValue, lambda }) => {
    const factor = compiled(readLambda(lambda));
    return (step) => {
      const value = initValue * factor(step);
      if (Number.isNaN(value)) return 0;
      return Math.max(-Number.MAX_VALUE, Math.min(value, Number.MAX_VALUE));
    };
  },
);
