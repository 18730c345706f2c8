import { LabError } from '../labError.ts';
import { runText, trialsOf, type TrainSettings } from '../studies/trainStudy.ts';
import { decodeCheckpoint } from '../trials/checkpoint.ts';
import type { Continuation } from '../trials/trial.ts';
import { trialId } from '../trials/trialId.ts';
import type { StudyDirectory } from './studyDirectory.ts';

/** How a resume meets a rate that would jump. */
export type Jump = Pick<Continuation, 'onJump' | 'rewarmSteps'>;

/** What another length or schedule may change; whatever else differs is another study. */
const changeable = ['budget', 'schedule', 'controlRate'] as const;

/**
 * The settings to go on with in a folder: those that it was begun with, or, under a longer budget or another schedule,
 * the new ones with where each run goes on from.
 *
 * Throws a {@link LabError} that names the first setting that must not differ, or a run that has no checkpoint to go on
 * from.
 */
export function resumedSettings(
  directory: StudyDirectory,
  given: TrainSettings,
  { onJump, rewarmSteps }: Jump,
): TrainSettings {
  const saved = directory.settings() as TrainSettings;
  const differs = (name: keyof TrainSettings): boolean => JSON.stringify(saved[name]) !== JSON.stringify(given[name]);
  const names = [...new Set([...Object.keys(saved), ...Object.keys(given)])] as (keyof TrainSettings)[];
  const changed = names.filter((name) => name !== 'from' && differs(name));
  if (changed.length === 0) return saved;
  const grown = changed.includes('budget') || (onJump !== undefined && changed.includes('schedule'));
  const foreign = changed.find((name) => !grown || !(changeable as readonly string[]).includes(name));
  if (foreign !== undefined) {
    const [was, is] = [saved, given].map((one) => shown(one[foreign]));
    const message = `${directory.path} was begun with ${foreign} ${was}, here it is ${is}: give the same to resume, or leave out --resume`;
    throw new LabError('checkpoint', message);
  }
  const { controlRate } = saved;
  const from: Record<string, Continuation> = {};
  for (const trial of trialsOf(saved)) {
    const file = directory.restore(trialId(trial));
    // What had not begun begins under the new settings.
    if (file === undefined) continue;
    const { step } = decodeCheckpoint(file).state;
    from[runText(trial.label, trial.backend)] = {
      trial: trialId(trial),
      step,
      ...(onJump !== undefined && { onJump }),
      ...(rewarmSteps !== undefined && { rewarmSteps }),
    };
  }
  return { ...given, controlRate, from };
}

const shown = (value: unknown): string => (value === undefined ? 'left out' : JSON.stringify(value));
