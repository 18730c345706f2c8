import type { ScheduleSpec, ScheduleSpecs } from '@anneal/core';
import { complete } from './complete.ts';
import { noForm } from './python.ts';

/**
 * What schedules become in another framework, by their type: from every option, the place in the plan, and the options as
 * they were given.
 */
export type Writers<W> = {
  readonly [T in keyof ScheduleSpecs]?: (spec: Required<ScheduleSpecs[T]>, path: string, given: ScheduleSpecs[T]) => W;
};

type AnyWriter<W> = (spec: Required<ScheduleSpec>, path: string, given: ScheduleSpec) => W;

/** What a schedule becomes. Throws a ScheduleError where no writer knows it: there is no `what` with these values. */
export function writtenBy<W>(
  writers: Writers<W>,
  framework: string,
  what: string,
  spec: ScheduleSpec,
  path: string,
): W {
  const writer = (writers as Readonly<Record<string, AnyWriter<W>>>)[spec.type];
  if (writer === undefined) throw noForm(framework, spec.type, `no ${what} has these values`, path);
  return writer(complete(spec), path, spec);
}

/** What holds for the options of a schedule of `type` at `path`: the first that does not is refused. */
export type OptionCheck = (type: string, path: string, holds: Readonly<Record<string, boolean>>) => void;

/** Refuses the first option that is not as the framework needs it. */
export const onlyIn =
  (framework: string): OptionCheck =>
  (type, path, holds) => {
    const option = Object.keys(holds).find((key) => holds[key] === false);
    if (option !== undefined) throw noForm(framework, type, `not with this ${option}`, `${path}/${option}`);
  };
