import { constant, piecewiseConstant, recurrence, shift, type DescribedSchedule } from '@anneal/core';
import type { LeafLink } from './leaf.ts';
import { refusal } from '../readArguments.ts';
import { rhythmOfLink, together, type Rhythm } from './rhythm.ts';
import { asLeaf, type LeafNode, type Node } from './tree.ts';

/** A link of core's `recurrence`: what one step of one leaf does, in global time and in a window of it. */
export interface Link extends LeafLink {
  readonly fromSteps: number;
  readonly untilSteps?: number;
}

/** The steps that core computes of a course that never repeats; past them the last value holds. */
export const lengthSteps = 1_000_000;

/** The steps that core computes of one that does. */
const mostSteps = 5_000_000;

/**
 * The rate that the links make from `initValue`, step by step, and for ever where what they do repeats.
 *
 * @throws ScheduleError where it repeats only after more steps than can be computed
 */
export function chained(initValue: number, links: readonly Link[]): DescribedSchedule {
  const floors = links.map(({ floorValue = 0 }) => floorValue);
  const ends = links.map(({ untilSteps = Number.MAX_SAFE_INTEGER }) => untilSteps);
  const rhythm = rhythmOf(links);
  const length = rhythm === undefined ? lengthSteps : rhythm.settles + rhythm.period;
  if (rhythm !== undefined && length > mostSteps) {
    const message = `torch: these schedulers change each other at every step and repeat only after ${length} steps, of which ${mostSteps} can be computed; shorten T_max or total_iters, or write the course as one schedule`;
    throw refusal('tooLarge', message, '/args');
  }
  return recurrence({
    initValue,
    lengthSteps: length,
    ...(rhythm !== undefined && { periodSteps: rhythm.period }),
    schedules: links.map(({ schedule }) => schedule),
    rules: links.map(({ rule }) => rule),
    fromSteps: links.map(({ fromSteps }) => fromSteps),
    ...(floors.some((floor) => floor !== 0) && { floorValues: floors }),
    ...(links.some(({ untilSteps }) => untilSteps !== undefined) && { untilSteps: ends }),
  });
}

/** When all that the links do begins to repeat; undefined where something never does. */
function rhythmOf(links: readonly Link[]): Rhythm | undefined {
  const lasting = links.filter(({ untilSteps }) => untilSteps === undefined);
  const edges = links.flatMap(({ fromSteps, untilSteps = 0 }) => [fromSteps, untilSteps]);
  // One that replaces the rate for ever asks neither the rate before nor how it came about.
  const own = lasting.some(({ rule }) => rule === 'replace') ? [] : lasting.map(rhythmOfLink);
  return together([{ settles: Math.max(0, ...edges), period: 1 }, ...own]);
}

/**
 * The steps of a whole tree as links in the order in which PyTorch takes them, each in the window `[from, until)` in
 * which its leaf is in force.
 *
 * A leaf that a milestone leads to starts there from its closed form (`resumed`) and steps from the next update on.
 */
export function linksOf(node: Node, from: number, until: number, path: string): readonly Link[] {
  if (from >= until) return [];
  if (node.kind === 'leaf') return [windowed(node, 0, from, until)];
  if (node.kind === 'chain') return node.children.flatMap((child) => linksOf(child, from, until, path));
  const { children, milestones, clock } = node;
  return children.flatMap((child, i) => {
    const milestone = i === 0 ? 0 : milestones[i - 1]!;
    const begins = Math.ceil(milestone) - clock;
    const ends = Math.min(until, Math.ceil(milestones[i] ?? Infinity) - clock);
    if (begins >= ends) return [];
    // The part in force at step 0 has taken its first step in the constructor.
    if (begins <= 0) return linksOf(child, from, ends, path);
    const leaf = asLeaf(child, path);
    const entered = Number.isInteger(milestone)
      ? [restart(leaf, begins), windowed(leaf, begins, begins + 1, ends)]
      : [first(leaf, begins), windowed({ ...leaf, ahead: leaf.leaf.ahead ?? 0 }, begins, begins + 1, ends)];
    return entered.filter(({ fromSteps, untilSteps = Infinity }) => fromSteps < untilSteps);
  });
}

function windowed({ leaf, ahead }: LeafNode, begins: number, from: number, until: number): Link {
  const link = leaf.link();
  return {
    ...(constantShare(link) ?? { ...link, schedule: shifted(link.schedule, ahead - begins) }),
    fromSteps: from,
    ...(until !== Infinity && { untilSteps: until }),
  };
}

/** An exponential as the share that it leaves at each step, which goes on where its own values are too small for a double. */
function constantShare({ rule, schedule, floorValue = 0 }: LeafLink): LeafLink | undefined {
  const { spec } = schedule;
  if (rule !== 'ratio' || floorValue !== 0 || spec.type !== 'exponentialDecay' || spec.decaySteps !== undefined)
    return undefined;
  return { rule: 'multiply', schedule: constant({ value: spec.gamma }) };
}

/** What the milestone itself does to the rate in force. */
function restart({ leaf }: LeafNode, at: number): Link {
  return affine((rate) => leaf.resumed(rate)(0), at);
}

/**
 * What a milestone between two steps does: PyTorch looks for its very step, which never comes, so the part just goes on
 * from the rate in force with the step at its local time 0 that its constructor has taken once already.
 */
function first({ leaf }: LeafNode, at: number): Link {
  return affine((rate) => leaf.repeated(rate), at);
}

/** One step as a link: two probes tell a value that is the same from any rate, a factor, and a way towards a floor. */
function affine(step: (rate: number) => number, at: number): Link {
  const window = { fromSteps: at, untilSteps: at + 1 };
  const [one, two] = [step(1), step(2)];
  const factor = two - one;
  const offset = one - factor;
  if (factor === 0) return { rule: 'replace', schedule: constant({ value: one }), ...window };
  if (Math.abs(offset) <= 1e-15 * one) return { rule: 'multiply', schedule: constant({ value: factor }), ...window };
  const from = (values: readonly [number, number]): DescribedSchedule =>
    piecewiseConstant({ boundaries: [at], values });
  // A step of a wave from its trough adds its height, whatever the rate.
  if (factor === 1) return { rule: 'ratio', schedule: from([0, offset]), ...window };
  return { rule: 'approach', schedule: from([1, factor]), floorValue: offset / (1 - factor), ...window };
}

/** The schedule read `aheadSteps` further on; negative: later, its first value held until then. */
export function shifted(schedule: DescribedSchedule, aheadSteps: number): DescribedSchedule {
  return aheadSteps === 0 ? schedule : shift({ schedule, shiftSteps: -aheadSteps });
}
