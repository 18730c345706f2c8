import { isDescribed, type Schedule } from '../schedule.ts';
import type { Outline } from './outline.ts';

/** The outlines that definitions have, by their type. */
export type Outlines = Readonly<Record<string, Outline<never>>>;

/** A phase on the clock of the whole schedule. */
export interface Phase {
  /** `"warmup"`, `"decay"` or, where nothing more is known, the type of the schedule. */
  readonly name: string;
  /** The step at which it begins. */
  readonly start: number;
  /** The step at which it ends, itself outside; Infinity if it does not. */
  readonly end: number;
  /** JSON pointer to the schedule that it belongs to. */
  readonly path: string;
}

/** A place where one part of a schedule hands over to another. */
export interface Joint {
  readonly step: number;
  readonly path: string;
  /** Whether the value is meant to jump there. */
  readonly jumps: boolean;
}

/** What the outlines of a schedule and of all within it amount to. */
export interface Course {
  readonly phases: readonly Phase[];
  readonly joints: readonly Joint[];
  /** Where the last phase would end if it did not continue past its end by an option `pastEnd: "continue"`. */
  readonly continuesAt: number | undefined;
  /** The same of a phase that begins again by `pastEnd: "cycle"`: the end of its first cycle. */
  readonly cyclesAt: number | undefined;
}

interface Window {
  /** The whole schedule's step at which the node's clock shows 0, and how many such steps one of the node's takes. */
  readonly origin: number;
  readonly unit: number;
  readonly start: number;
  readonly end: number;
  /** Whether something around makes a staircase of it. */
  readonly stairs: boolean;
}

/** More places than these nobody looks at. */
const most = 10_000;

/** Durations whose names say what happens for so long, in the order in which definitions have them. */
const durations = /^(warmup|stable|hold|cooldown|decay)Steps$/;

/** Walks a described schedule from its spec, as far as the step `until`. */
export function walk(schedule: Schedule, until: number, outlines: Outlines): Course {
  const phases: Phase[] = [];
  const joints: Joint[] = [];
  const ends: { continue?: number; cycle?: number } = {};
  const root: Window = { origin: 0, unit: 1, start: 0, end: Infinity, stairs: false };
  if (isDescribed(schedule)) visit(schedule.spec, '', root, true);
  else phases.push({ name: 'function', start: 0, end: Infinity, path: '' });
  return { phases, joints, continuesAt: ends.continue, cyclesAt: ends.cycle };

  function visit(node: unknown, path: string, window: Window, listed: boolean): void {
    const { origin, unit, start, end } = window;
    // Repetitions inside repetitions could make any number.
    if (phases.length + joints.length > most) return;
    if (typeof node !== 'object' || node === null) {
      const name = typeof node === 'function' ? 'function' : 'constant';
      if (listed) phases.push({ name, start, end, path });
      return;
    }
    const options = node as { readonly type: string; readonly pastEnd?: unknown };
    const outline = Object.hasOwn(outlines, options.type) ? outlines[options.type] : undefined;
    const parts = outline?.(options as never, (Math.min(until, end) - origin) / unit) ?? [];
    const { pastEnd } = options;
    if (end === Infinity && (pastEnd === 'continue' || pastEnd === 'cycle')) {
      // Of several at once the last one ends the schedule.
      const own = origin + unit * lengthOf(options);
      ends[pastEnd] = Math.max(own, ends[pastEnd] ?? 0);
    }
    if (parts.length === 0) {
      if (listed) phases.push(...leaf(options, path, window));
      return;
    }
    parts.forEach((part, i) => {
      const from = Math.max(start, origin + unit * part.from);
      const next = parts[i + 1];
      // What is held at the end belongs to the phase that led there.
      const to = next === undefined || next.end === true ? end : Math.min(end, origin + unit * next.from);
      // Over before the schedule is entered.
      if (to <= start && origin + unit * part.from < start) return;
      if (i > 0 && from > start && from < end)
        joints.push({ step: from, path, jumps: part.jumps === true || window.stairs });
      const { inside, name = options.type, enters = 0, unit: slower = 1 } = part;
      if (inside === undefined || part.name !== undefined) {
        if (listed && part.end !== true) phases.push({ name, start: from, end: to, path });
      }
      if (inside === undefined) return;
      const inner: Window = {
        origin: origin + unit * (part.from - enters * slower),
        unit: unit * slower,
        start: from,
        end: to,
        stairs: window.stairs || part.stairs === true,
      };
      visit(at(options, inside), `${path}/${inside}`, inner, listed && part.name === undefined);
      for (const other of part.beside ?? []) visit(at(options, other), `${path}/${other}`, inner, false);
    });
  }
}

/** How long a schedule takes to its end, by its `totalSteps` or the sum of its durations. */
function lengthOf(options: object): number {
  const { totalSteps } = options as { readonly totalSteps?: unknown };
  if (typeof totalSteps === 'number') return totalSteps;
  return lengthsOf(options).reduce((sum, [, length]) => sum + length, 0);
}

/** The durations among options that say what happens, with its name. */
function lengthsOf(options: object): readonly (readonly [name: string, length: number])[] {
  return Object.entries(options).flatMap(([key, value]) => {
    const name = durations.exec(key)?.[1];
    return name !== undefined && typeof value === 'number' && value > 0 ? [[name, value] as const] : [];
  });
}

/** The phases of a schedule without an outline: those that its durations name, else itself. */
function leaf(
  options: { readonly type: string },
  path: string,
  { origin, unit, start, end }: Window,
): readonly Phase[] {
  const lengths = [...lengthsOf(options)];
  if (lengths.length < 2 && lengths[0]?.[0] !== 'warmup') return [{ name: options.type, start, end, path }];
  const phases: Phase[] = [];
  let from = 0;
  if (lengths.at(-1)![0] === 'warmup') lengths.push([options.type, Infinity]);
  lengths.forEach(([name, length], i) => {
    const [first, last] = [origin + unit * from, origin + unit * (from + length)];
    const to = i === lengths.length - 1 ? end : Math.min(end, last);
    if (to > start) phases.push({ name, start: Math.max(start, first), end: to, path });
    from += length;
  });
  return phases;
}

/** The value at a pointer inside options. */
function at(options: object, pointer: string): unknown {
  return pointer.split('/').reduce<unknown>((node, key) => (node as Readonly<Record<string, unknown>>)[key], options);
}
