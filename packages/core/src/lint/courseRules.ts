import { isDescribed } from '../schedule.ts';
import type { Finding } from './finding.ts';
import type { Subject } from './subject.ts';

/** A jump smaller than this share of the peak is none. */
const visible = 0.01;

/** What the course tells: phases, the places where they meet, and the end. */
export function courseFindings(subject: Subject): readonly Finding[] {
  const tooLong = warmupTooLong(subject);
  const never = tooLong.length > 0 ? [] : phaseNeverStarts(subject);
  // A run that a phase does not fit in cannot end where the schedule does; once is enough.
  const end = tooLong.length + never.length > 0 ? [] : endNotReached(subject);
  const jumps = firstOfEach(undeclaredJumps(subject));
  // What lies after an end that is not reached concerns no one.
  const rises = end.some(({ code }) => code === 'endNotReached') ? [] : risesAfterEnd(subject);
  return [...opaque(subject), ...tooLong, ...firstOfEach(never), ...jumps, ...end, ...rises];
}

/** What a repetition repeats is said once. */
function firstOfEach(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ path }) => !seen.has(path) && seen.add(path));
}

function opaque({ schedule, find }: Subject): readonly Finding[] {
  if (isDescribed(schedule)) return [];
  return [find('opaque', 'note', 'this is a bare function: only its values can be looked at, and it has no JSON form')];
}

function warmupTooLong({ course, steps, find, say }: Subject): readonly Finding[] {
  const warmup = course.phases.find(
    ({ name, start, end }) => name === 'warmup' && start < steps && end >= steps && end > start,
  );
  if (warmup === undefined) return [];
  const message = `the warm-up lasts until ${say(warmup.end)}, the run only ${steps} steps: the full rate is never used`;
  return [find('warmupTooLong', 'warning', message, warmup.end, warmup.path)];
}

function phaseNeverStarts({ course, steps, find, say }: Subject): readonly Finding[] {
  const report = (name: string, start: number, path: string, why: string): Finding =>
    find('phaseNeverStarts', 'warning', `${name} ${why}`, start, path);
  const empty = course.phases.filter(({ name, start, end }) => name !== 'warmup' && end <= start && start < steps);
  // What comes after it is as late; the first says it.
  const late = course.phases.find(({ start }) => start >= steps);
  return [
    ...empty.map(({ name, start, path }) =>
      report(name, start, path, `lasts no step: what surrounds it ends before ${say(start)} or with it`),
    ),
    ...(late === undefined
      ? []
      : [report(late.name, late.start, late.path, `begins at ${say(late.start)}, after the run of ${steps} steps`)]),
  ];
}

function undeclaredJumps({ course, schedule, steps, peak, find, say }: Subject): readonly Finding[] {
  return course.joints.flatMap(({ step, path, jumps }) => {
    if (jumps || step >= steps) return [];
    const before = schedule(step * (1 - 1e-9));
    const after = schedule(step);
    if (!(Math.abs(after - before) > visible * peak)) return [];
    const message = `the value jumps from ${before} to ${after} at ${say(step)}, where one part hands over to the next`;
    return [find('undeclaredJump', 'warning', message, step, path)];
  });
}

function endNotReached({ schedule, course, settled, steps, peak, find, say }: Subject): readonly Finding[] {
  const step = settled ?? course.continuesAt ?? course.cyclesAt;
  if (step === undefined || step === 0) return [];
  // One that goes on may reach its end a step before it is over, as a one-cycle does.
  const ends = [step, ...(settled === undefined ? [Math.max(0, step - 1)] : [])].map((at) => schedule(at));
  const end = ends[0]!;
  const last = schedule(steps);
  const isAtEnd = ends.some((one) => Math.abs(last - one) <= 1e-9 * Math.max(peak, Math.abs(one)));
  if (step > steps && !isAtEnd) {
    const message = `the schedule ends at ${say(step)} with ${end}, the run after ${steps} steps, where the value is ${last}`;
    return [find('endNotReached', 'warning', message, steps)];
  }
  if (settled === undefined || settled >= 0.9 * steps) return [];
  const message = `the end value ${end} is held from ${say(settled)} on: for ${Math.round(100 * (1 - settled / steps))} % of the run`;
  return [find('endHeld', 'note', message, settled)];
}

/** Past its end a schedule that continues may rise again: cosine as PyTorch computes it does. */
function risesAfterEnd({ schedule, course, steps, peak, settled, find, say }: Subject): readonly Finding[] {
  const end = course.continuesAt;
  if (end === undefined || settled !== undefined) return [];
  const least = Math.min(schedule(end), schedule(Math.max(0, end - 1)));
  for (let i = 1; i <= 256; i += 1) {
    const step = Math.ceil(end + (i * end) / 256);
    if (!(schedule(step) > least + 1e-9 * peak)) continue;
    const message = `after its end at ${say(end)} the value rises again: hold it with pastEnd "hold"`;
    return [find('risesAfterEnd', steps > Math.ceil(end) + 1 ? 'warning' : 'note', message, end)];
  }
  return [];
}
