import type { Schedule } from '../schedule.ts';

/** Where a schedule is entered: at `to`, after the value has been held for as long as lies between `from` and `to`. */
export interface Entry {
  readonly from: number;
  readonly to: number;
}

/** Two neighbouring doubles. */
type Gap = readonly [low: number, high: number];

/** Values nearer than this share of the wanted one are it: both came from a formula or two. */
const near = 1e-9;

/** Every whole step is looked at up to so many; in a longer run so many places, and what passes the value and returns between two is overlooked. */
const most = 65_536;

/**
 * Where a schedule that runs until `end` is entered with the wanted value: the last point at which it goes through it.
 *
 * Where it jumps past the value there is no such point. Then the value is held in the place of the piece before the jump.
 * A jump up, as at a restart, counts only where no way down comes before it. Undefined where the schedule is always above
 * the value, or never.
 */
export function entryAt(schedule: Schedule, value: number, end: number): Entry | undefined {
  const isBelow = (step: number): boolean => schedule(step) < value;
  const isNear = (step: number): boolean => Math.abs(schedule(step) - value) <= near * value;
  const last = lastChange(isBelow, end);
  if (last === undefined) return undefined;
  // Ways up and down alternate.
  const way = isBelow(last[1]) || last.every(isNear) ? last : (lastChange(isBelow, last[0]) ?? last);
  const [low, high] = way;
  if (way.every(isNear)) return { from: low, to: low };
  const level = schedule(low);
  const piece = lastChange((step) => schedule(step) === level, low)?.[1] ?? 0;
  // Where that is no piece of one value, all that lies on the same side is one.
  const isFlat = low - piece > 1e-6 * end;
  return { from: isFlat ? piece : (lastChange(isBelow, low)?.[1] ?? 0), to: high };
}

/** Where a condition last changes before `end`; undefined if it never does. */
function lastChange(condition: (step: number) => boolean, end: number): Gap | undefined {
  const places = Math.min(Math.ceil(end), most);
  let next = condition(end);
  for (let i = places - 1, high = end; i >= 0; i -= 1) {
    let low = places < most ? i : place(i, end);
    const before = condition(low);
    if (before !== next) {
      for (;;) {
        const middle = (low + high) / 2;
        if (middle <= low || middle >= high) return [low, high];
        if (condition(middle) === before) low = middle;
        else high = middle;
      }
    }
    [high, next] = [low, before];
  }
  return undefined;
}

/** Places at uneven distances, so that a schedule which repeats is not seen at one point of its cycle alone. */
const place = (i: number, end: number): number =>
  i === 0 ? 0 : (end * (i + ((i * 0.6180339887498949) % 1) - 0.5)) / most;
