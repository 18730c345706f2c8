import { sequence, type DescribedSchedule, type Plan } from '@anneal/core';
import { list, stepsOrZero } from '@anneal/core/kinds';
import { readArguments, readObject, refusal, refuse } from '../readArguments.ts';
import { checkDepth } from '../readNamed.ts';
import { records } from './kinds.ts';
import { readPlateau } from './plateau.ts';
import { translations } from './schedules.ts';

/**
 * Reads a schedule of optax, `{ "name": "cosine_decay_schedule", "args": { "init_value": 0.1, "decay_steps": 1000 } }`.
 *
 * Known are all functions of `optax.schedules`, `join_schedules` with descriptions in `args.schedules`, and
 * `reduce_on_plateau` of `optax.contrib`, which scales `lr`: a number or a description; without it, 1. The dict
 * `boundaries_and_scales` is an object whose keys are the steps. Step 0 and the end are optax's; see quirks.md.
 *
 * @throws ScheduleError with the JSON pointer of an unknown name or argument, or of a value that optax or we refuse
 * @example
 * read({ name: 'linear_schedule', args: { init_value: 0.1, end_value: 0, transition_steps: 100 } })
 */
export function read(description: unknown): Plan {
  const { name, args, lr } = parse(description, ['name', 'args', 'lr'], '');
  if (name === 'reduce_on_plateau') return { learningRate: readPlateau(args, lr === undefined ? 1 : readRate(lr)) };
  if (lr !== undefined) {
    throw refusal('unknownKey', `${name}: lr stands with reduce_on_plateau only; a schedule has its own values`, '/lr');
  }
  return { learningRate: readSchedule(description, '') };
}

function readRate(lr: unknown): number | DescribedSchedule {
  if (typeof lr !== 'number') return readSchedule(lr, '/lr');
  if (lr >= 0 && lr < Infinity) return lr;
  throw refuse('invalid', 'reduce_on_plateau', 'lr', 'a number >= 0 or a description', lr, '');
}

function readSchedule(description: unknown, path: string): DescribedSchedule {
  const { name, args } = parse(description, ['name', 'args'], path);
  if (name === 'join_schedules') return join(args, `${path}/args`);
  const translate = Object.hasOwn(translations, name) ? translations[name] : undefined;
  if (translate !== undefined) return translate(name, args, `${path}/args`);
  const known = [...Object.keys(translations), 'join_schedules', 'reduce_on_plateau'].join(', ');
  throw refusal('unknownType', `optax: unknown schedule ${JSON.stringify(name)}; known: ${known}`, `${path}/name`);
}

function join(args: unknown, path: string): DescribedSchedule {
  const table = { schedules: records, boundaries: list(stepsOrZero, 0) };
  const { schedules, boundaries } = readArguments('join_schedules', args, table, path);
  const parts = schedules.map((part, i) => readSchedule(part, `${path}/schedules/${i}`));
  if (boundaries.length !== parts.length - 1) {
    const rule = `one fewer than the ${parts.length} schedules`;
    throw refuse('contradiction', 'join_schedules', 'boundaries', rule, boundaries, path);
  }
  if (boundaries.some((boundary, i) => i > 0 && boundary < boundaries[i - 1]!))
    throw refuse('contradiction', 'join_schedules', 'boundaries', 'in rising order', boundaries, path);
  return parts.length === 1 ? parts[0]! : sequence({ schedules: parts, boundaries });
}

function parse(
  description: unknown,
  keys: readonly string[],
  path: string,
): { name: string; args: unknown; lr: unknown } {
  checkDepth('optax', path);
  const { name, args, lr, ...rest } = readObject('optax', description, path);
  const unknown = Object.keys({ ...rest, ...(lr !== undefined && { lr }) }).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    const known = keys.join(', ');
    throw refusal('unknownKey', `optax: unknown key ${JSON.stringify(unknown)}; known: ${known}`, `${path}/${unknown}`);
  }
  if (typeof name !== 'string') throw refuse('required', 'optax', 'name', 'the name of a schedule', name, path);
  return { name, args: args ?? {}, lr };
}
