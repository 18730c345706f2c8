import { constant, sequence, type DescribedSchedule } from '@anneal/core';
import { shifted } from './links.ts';
import type { Node } from './tree.ts';

/** A stretch of the run and what cycles momentum in it; without a schedule the last value holds. */
interface Piece {
  readonly from: number;
  readonly schedule?: DescribedSchedule;
}

/**
 * The momentum track of a tree, or undefined where nothing in it cycles momentum.
 *
 * @param initial - the momentum that the constructors leave
 */
export function momentumOf(node: Node, initial: number): DescribedSchedule | undefined {
  const pieces = piecesOf(node, 0, Infinity);
  if (pieces.every(({ schedule }) => schedule === undefined)) return undefined;
  const schedules: DescribedSchedule[] = [];
  let held = initial;
  pieces.forEach(({ from, schedule }, i) => {
    const own = schedule ?? constant({ value: held });
    schedules.push(own);
    const next = pieces[i + 1];
    if (next !== undefined) held = own(Math.max(0, next.from - 1 - from));
  });
  return schedules.length === 1
    ? schedules[0]
    : sequence({ schedules, boundaries: pieces.slice(1).map(({ from }) => from) });
}

function piecesOf(node: Node, from: number, until: number): readonly Piece[] {
  if (node.kind === 'leaf') return [{ from, ...(node.leaf.momentum && { schedule: node.leaf.momentum() }) }];
  if (node.kind === 'chain') return node.children.map((child) => piecesOf(child, from, until)).reduce(overlaid);
  const { children, milestones, clock } = node;
  return children.flatMap((child, i) => {
    const begins = Math.max(from, i === 0 ? 0 : Math.ceil(milestones[i - 1]!) - clock);
    const ends = Math.min(until, Math.ceil(milestones[i] ?? Infinity) - clock);
    return begins < ends ? piecesOf(child, begins, ends) : [];
  });
}

/** In a chain the last one that sets momentum has the last word. */
function overlaid(below: readonly Piece[], above: readonly Piece[]): readonly Piece[] {
  const starts = [...new Set([...below, ...above].map(({ from }) => from))].sort((a, b) => a - b);
  const at = (pieces: readonly Piece[], start: number): Piece | undefined =>
    pieces.findLast((piece) => piece.from <= start && piece.schedule !== undefined && inForce(pieces, piece, start));
  return starts.map((from) => {
    const piece = at(above, from) ?? at(below, from);
    return piece?.schedule === undefined ? { from } : { from, schedule: shifted(piece.schedule, from - piece.from) };
  });
}

const inForce = (pieces: readonly Piece[], piece: Piece, start: number): boolean =>
  pieces.findLast(({ from }) => from <= start) === piece;
