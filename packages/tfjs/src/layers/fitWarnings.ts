import { endBesideRun, isDescribed, resolvePlan, type ResolvedTrack } from '@anneal/core';
import type { Binding } from '../binding.ts';

// Of the web and of Node alike; declared because this package is compiled with the types of neither.
declare const console: { warn(sentence: string): void };

/** Who hears of what is likely to be a mistake; false for nobody. */
export type Warn = false | ((sentence: string) => void);

/** What has been said about a binding: whoever calls fit for each epoch hears it once. */
const saidOf = new WeakMap<Binding, Set<string>>();

/** Says each thing about a binding once. */
export function warnings(
  subject: string,
  binding: Binding,
  warn: Warn = (sentence) => console.warn(sentence),
): (what: string, sentence?: string) => void {
  const said = saidOf.get(binding) ?? new Set<string>();
  saidOf.set(binding, said);
  return (what, sentence) => {
    if (warn === false || sentence === undefined || said.has(what)) return;
    said.add(what);
    warn(`${subject}: ${sentence}`);
  };
}

/** About a schedule of the plan that ends elsewhere than a fit that ends at this step. */
export function endSentence({ scheduler }: Binding, steps: number): string | undefined {
  if (scheduler.state().annealing !== undefined) return undefined;
  const { base, groups = {} } = resolvePlan(scheduler.plan);
  const tracks = new Set([base, ...Object.values(groups)].flatMap((each) => Object.values<ResolvedTrack>(each)));
  for (const { schedule, start, path } of tracks) {
    // A bare function need not know what lies beyond its run.
    const end = isDescribed(schedule) && steps > start ? endBesideRun(schedule, steps - start) : undefined;
    if (end === undefined) continue;
    const ends = `${path} ends at step ${end.step + start} and this fit at ${steps}`;
    return end.when === 'later' ? `${ends}: it stops on the way` : `${ends}: until then it stays at ${end.value}`;
  }
  return undefined;
}

/** About controllers that have heard nothing. */
export function unheardSentence({ scheduler }: Binding): string | undefined {
  const paths = Object.keys(scheduler.state().controllers);
  if (scheduler.monitors().size === 0) return undefined;
  return `this fit has reported nothing to ${paths.join(', ')}; leave report: false out, or call binding.report`;
}
