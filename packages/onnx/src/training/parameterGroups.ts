import { OnnxError } from '../onnxError.ts';
import { selects, type ParameterSelector } from '../optimizers/optimizer.ts';

/**
 * The group of each parameter: the first that matches, or none.
 *
 * @throws OnnxError `argument` for a group that gets no parameter.
 */
export function parameterGroups(
  parameters: Iterable<string>,
  groups: Readonly<Record<string, ParameterSelector>>,
): ReadonlyMap<string, string | undefined> {
  const names = Object.keys(groups);
  const of = new Map(
    Array.from(parameters, (parameter) => [
      parameter,
      names.find((name) => selects(groups[name] as ParameterSelector, parameter)),
    ]),
  );
  const used = new Set(of.values());
  const empty = names.find((name) => !used.has(name));
  if (empty !== undefined) {
    throw new OnnxError(
      'argument',
      empty,
      `the group gets no parameter; there are ${[...of.keys()].join(', ') || 'none'} (the first group that matches takes one)`,
    );
  }
  return of;
}
