import { scale } from '../combinators/scale.ts';
import { check } from '../options/check.ts';
import { mustBe } from '../error.ts';
import { positiveFraction } from '../kinds/positiveFraction.ts';
import type { Schedule } from '../schedule.ts';
import type { GroupTracks } from './plan.ts';
import type { LateGroup, LateSchedule } from './latePlan.ts';

/**
 * Groups for a fine-tuning in which layers near the input learn more slowly: the last group takes the base rate, each
 * one before it `factor` times the rate of its successor.
 *
 * @formula group i of n takes base·factor^(n−1−i)
 * @param names The groups in order from input to output.
 * @param factor In (0, 1]; 0.95 down to 0.65 are usual.
 * @param base The learning rate of the last group.
 * @source Howard, Ruder 2018, "ULMFiT", arXiv 1801.06146, section 3.2 (factor 1/2.6); Clark et al. 2020, "ELECTRA",
 *   arXiv 2003.10555, appendix A (0.8, 0.9)
 *
 * Throws a ScheduleError where names are repeated or empty, or the factor is not in (0, 1].
 *
 * @example
 * const groups = layerwiseDecay(['embeddings', 'encoder', 'head'], 0.5, 0.1);
 * createScheduler({ learningRate: 0.1, groups }).values().groups.embeddings.learningRate; // 0.025
 */
export function layerwiseDecay(
  names: readonly string[],
  factor: number,
  base: Schedule | number,
): Readonly<Record<string, GroupTracks>>;
export function layerwiseDecay(
  names: readonly string[],
  factor: number,
  base: LateSchedule,
): Readonly<Record<string, LateGroup>>;
export function layerwiseDecay(
  names: readonly string[],
  factor: number,
  base: LateSchedule,
): Readonly<Record<string, LateGroup>> {
  if (!Array.isArray(names) || names.length === 0)
    mustBe('layerwiseDecay', 'names', 'a list of at least one name', names);
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) mustBe('layerwiseDecay', 'names', 'names that differ', repeated);
  check('layerwiseDecay', 'factor', positiveFraction, factor);
  const entries = names.map((name, i) => {
    const multiple = factor ** (names.length - 1 - i);
    return [name, { learningRate: multiple === 1 ? base : scale({ schedule: base, factor: multiple }) }] as const;
  });
  return Object.fromEntries(entries);
}
