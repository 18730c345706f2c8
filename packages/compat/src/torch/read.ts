import type { Plan } from '@anneal/core';
import { list } from '@anneal/core/kinds';
import { readArguments, readObject, refusal } from '../readArguments.ts';
import { choice, lastEpoch, rate, steps, verbose } from './arguments.ts';
import { courseOf } from './course.ts';
import type { Group } from './leaf.ts';
import { leaves } from './leaves/index.ts';
import { momentumOf } from './momentum.ts';
import { perGroup } from './perGroup.ts';
import { readPlateau } from './plateau.ts';
import { asLeaf, checkMilestones, constructSequence, type Node, type SequenceNode } from './tree.ts';

/** A PyTorch scheduler and the optimizer around it, as `read` takes it. */
export interface TorchDescription {
  /** The class: `"OneCycleLR"`. */
  readonly name: string;
  /** Its keyword arguments; `schedulers` holds descriptions without `lr`. */
  readonly args?: Readonly<Record<string, unknown>>;
  /** The optimizer's learning rate, or one for each parameter group. */
  readonly lr: number | readonly number[];
  /** The optimizer's momentum, or Adam's first beta; only a scheduler that cycles it asks for it. Default 0. */
  readonly momentum?: number | readonly number[];
  /** Whether momentum cycling drives `momentum` (sgd) or `beta1` (adam). Default sgd. */
  readonly optimizer?: 'sgd' | 'adam';
}

/**
 * The plan that gives the numbers of a PyTorch scheduler: value t is the one in force for the update that t updates
 * precede, as `optimizer.step(); scheduler.step()` leaves it.
 *
 * Schedulers are constructed in the order in which they stand, each inside before the one that holds it.
 *
 * Where a list stands for a value, of `lr`, `momentum` or an argument that PyTorch takes one of for each parameter group,
 * the plan has the groups `group0`, `group1` and so on, in order; parameters of none of them take the first one's tracks.
 *
 * @throws ScheduleError that names the class and the argument which is unknown, missing or out of range, and what PyTorch
 *   itself cannot run
 * @example
 * read({ name: 'CosineAnnealingLR', args: { T_max: 100 }, lr: 0.1 })
 */
export function read(description: unknown): Plan {
  const plans = (perGroup(description) ?? [description]).map(readOne);
  const [first] = plans;
  if (plans.length === 1) return first!;
  return { ...first!, groups: Object.fromEntries(plans.map((tracks, i) => [`group${i}`, tracks])) };
}

/** The plan of one parameter group. */
function readOne(description: unknown): Plan {
  const table = {
    name: {
      kind: 'text',
      rule: 'the name of a scheduler',
      read: (value: unknown) => (typeof value === 'string' ? value : undefined),
    },
    args: [{ kind: 'object', rule: 'an object', read: (value: unknown) => value as object }, {}],
    lr: rate,
    momentum: [rate, 0],
    optimizer: [choice('sgd', 'adam'), 'sgd'],
  } as const;
  const { name, args, lr, momentum, optimizer } = readArguments('torch', description, table, '');
  if (name === 'ReduceLROnPlateau') return readPlateau(args, lr, '/args');
  const group: Group = { lr, momentum, track: optimizer === 'adam' ? 'beta1' : 'momentum' };
  const root = readNode({ name, args }, group, '');
  const learningRate = courseOf(root, group.lr);
  const cycled = momentumOf(root, group.momentum);
  return cycled === undefined ? { learningRate } : { learningRate, [group.track]: cycled };
}

/** No schedulers are nested deeper than this in earnest. */
const maxDepth = 16;

/** Constructs one scheduler and what it holds. */
function readNode(description: unknown, group: Group, path: string, depth = 0): Node {
  if (depth > maxDepth) throw refusal('tooLarge', `torch: schedulers nested deeper than ${maxDepth}`, path);
  const { name, args = {}, ...rest } = readObject('torch', description, path);
  const [other] = Object.keys(rest);
  if (other !== undefined)
    throw refusal('unknownKey', `torch: unknown key "${other}" in a scheduler; known: name, args`, `${path}/${other}`);
  if (name === 'SequentialLR' || name === 'ChainedScheduler')
    return readHolder(name, args, group, `${path}/args`, depth);
  const readLeaf = typeof name === 'string' && Object.hasOwn(leaves, name) ? leaves[name] : undefined;
  if (readLeaf === undefined) {
    const message =
      name === 'ReduceLROnPlateau'
        ? 'torch: ReduceLROnPlateau cannot stand inside another scheduler: PyTorch refuses it there'
        : `torch: unknown scheduler ${JSON.stringify(name)}; known: ${[...Object.keys(leaves), 'ReduceLROnPlateau', 'SequentialLR', 'ChainedScheduler'].join(', ')}`;
    throw refusal('unknownType', message, `${path}/name`);
  }
  const leaf = readLeaf(args, group, `${path}/args`);
  group.lr = leaf.constructed ?? leaf.initial(group.lr);
  if (leaf.momentum !== undefined) group.momentum = leaf.momentum()(0);
  return { kind: 'leaf', name: name as string, leaf, ahead: 0 };
}

function readHolder(
  name: 'SequentialLR' | 'ChainedScheduler',
  given: unknown,
  group: Group,
  path: string,
  depth: number,
): Node {
  const any = { kind: 'object', rule: 'a description of a scheduler', read: (value: unknown) => value } as const;
  const schedulers = list<unknown>(any);
  const args =
    name === 'SequentialLR'
      ? readArguments(name, given, { schedulers, milestones: steps, last_epoch: lastEpoch, verbose }, path)
      : { ...readArguments(name, given, { schedulers }, path), milestones: [] };
  const children = args.schedulers.map((child, i) => readNode(child, group, `${path}/schedulers/${i}`, depth + 1));
  if (name === 'ChainedScheduler') return { kind: 'chain', children };
  checkMilestones(args.milestones, children.length, path);
  children.slice(1).forEach((child, i) => asLeaf(child, `${path}/schedulers/${i + 1}`));
  const node: SequenceNode = { kind: 'sequence', children, milestones: args.milestones, clock: 0 };
  constructSequence(node, group, path);
  return node;
}
