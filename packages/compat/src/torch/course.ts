import { multiply, sequence, type DescribedSchedule } from '@anneal/core';
import type { LeafLink } from './leaf.ts';
import { chained, linksOf } from './links.ts';
import { partAt, type ChainNode, type LeafNode, type Node, type SequenceNode } from './tree.ts';

/**
 * The learning rate of a tree: the simplest schedule that gives its numbers.
 *
 * @param rate - the rate that the constructors leave
 */
export function courseOf(root: Node, rate: number): DescribedSchedule {
  if (root.kind === 'leaf') return root.leaf.schedule();
  const children = root.kind === 'chain' ? linked(root) : root.children;
  if (children.every((child): child is LeafNode => child.kind === 'leaf')) {
    const simple = root.kind === 'chain' ? productOf(children) : isWhole(root) ? sequenceOf(root, children) : undefined;
    // A constructor may have moved the rate that the others take for theirs.
    if (simple !== undefined && Math.abs(simple(0) - rate) <= 1e-15 * rate) return simple;
  }
  return chained(rate, linksOf(root, 1, Infinity, ''));
}

/** What a chain holds, chains inside it taken apart: they step in the same order. */
const linked = ({ children }: ChainNode): readonly Node[] =>
  children.flatMap((child) => (child.kind === 'chain' ? linked(child) : [child]));

/** A part starts anew at its milestone only where that is a step. */
const isWhole = ({ milestones }: SequenceNode): boolean => milestones.every(Number.isInteger);

/** Leaves one after the other: each from its base rate, or from where the one before stopped. */
function sequenceOf(node: SequenceNode, children: readonly LeafNode[]): DescribedSchedule {
  const first = partAt(node, 0);
  const schedules = [children[first]!.leaf.schedule()];
  const boundaries = node.milestones.slice(first);
  for (const [i, boundary] of boundaries.entries()) {
    const length = boundary - (boundaries[i - 1] ?? 0);
    const before = length > 0 ? schedules[i]!(length - 1) : NaN;
    schedules.push(children[first + i + 1]!.leaf.resumed(before));
  }
  return boundaries.length === 0 ? schedules[0]! : sequence({ schedules, boundaries });
}

/** A chain of leaves that only ever multiply the rate is the product of the first with the others' factors. */
function productOf(children: readonly LeafNode[]): DescribedSchedule | undefined {
  const [first, ...others] = children.map(({ leaf }) => leaf);
  const factors = others.map((leaf) => leaf.link()).filter(({ rule }) => rule === 'ratio');
  if (first === undefined || factors.length < others.length || ![first.link(), ...factors].every(isFactor))
    return undefined;
  return multiply({ schedules: [first.schedule(), ...factors.map(({ schedule }) => schedule)] });
}

/** A wave passes 0, from where on the rate no longer depends on what the others have made of it. */
const isFactor = ({ rule, schedule }: LeafLink): boolean => rule === 'ratio' && schedule.spec.type !== 'cosineDecay';
