import { refusal, refuse } from '../readArguments.ts';
import type { Group, Leaf } from './leaf.ts';

/** A PyTorch scheduler as it stands after construction: a leaf, or one that holds others. */
export type Node = LeafNode | ChainNode | SequenceNode;

export interface LeafNode {
  readonly kind: 'leaf';
  readonly name: string;
  readonly leaf: Leaf;
  /** How far the clock of its link is ahead of its own step. */
  ahead: number;
}

export interface ChainNode {
  readonly kind: 'chain';
  readonly children: readonly Node[];
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly children: readonly Node[];
  readonly milestones: readonly number[];
  /** Its `last_epoch` at step 0: one for each sequence that it is the first part of. */
  clock: number;
}

/** The part of a sequence that is in force when its clock shows `clock`: bisect_right over the milestones. */
export function partAt({ milestones }: SequenceNode, clock: number): number {
  return milestones.filter((milestone) => milestone <= clock).length;
}

/**
 * SequentialLR's constructor: the rate goes back to `initial_lr`, every scheduler inside is wound back by one step,
 * and the first part takes its first step again, as the constructor's own if it is a leaf, as a usual one if not.
 */
export function constructSequence(node: SequenceNode, group: Group, path: string): void {
  group.lr = group.initialLr ?? group.lr;
  const first = node.children[partAt(node, 0)]!;
  if (first.kind === 'leaf') group.lr = first.leaf.initial(group.lr);
  else repeat(first, group, path);
}

/** The step that a chain or a sequence takes while the sequence around it is constructed. */
function repeat(node: Node, group: Group, path: string): void {
  if (node.kind === 'leaf') {
    group.lr = node.leaf.repeated(group.lr);
    node.ahead = node.leaf.ahead ?? 0;
  } else if (node.kind === 'chain') {
    for (const child of node.children) repeat(child, group, path);
  } else {
    node.clock += 1;
    const part = partAt(node, node.clock);
    const child = node.children[part]!;
    if (node.milestones[part - 1] === node.clock) group.lr = asLeaf(child, path).leaf.resumed(group.lr)(0);
    else repeat(child, group, path);
  }
}

/** A part of a sequence to which a milestone leads: PyTorch raises NotImplementedError there unless it is a leaf. */
export function asLeaf(node: Node, path: string): LeafNode {
  if (node.kind === 'leaf') return node;
  const rule = 'schedulers without children after the first: PyTorch raises NotImplementedError at the milestone';
  throw refusal('contradiction', `SequentialLR: schedulers must be ${rule}`, path);
}

/** Milestones must be in rising order, one fewer than there are parts. */
export function checkMilestones(milestones: readonly number[], parts: number, path: string): void {
  if (milestones.length !== parts - 1)
    throw refuse(
      'contradiction',
      'SequentialLR',
      'milestones',
      `one fewer than the ${parts} schedulers`,
      milestones,
      path,
    );
  if (milestones.some((milestone, i) => i > 0 && milestone < milestones[i - 1]!))
    throw refuse('contradiction', 'SequentialLR', 'milestones', 'in rising order', milestones, path);
}
