import type { Rule } from '@anneal/core/options';
import { rule } from '../checkArguments.ts';
import type { YieldEvery } from './closureCallback.ts';

/** What the option yieldEvery of every callback must be. */
export const yields: Rule<YieldEvery> = rule(
  '"auto", "batch", "epoch", "never" or a number of milliseconds > 0',
  (value) =>
    ['auto', 'batch', 'epoch', 'never'].includes(value as string) || (Number.isFinite(value) && (value as number) > 0),
);
