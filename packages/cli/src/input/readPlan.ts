import { parsePlan } from '@anneal/compat';
import type { Horizon, Plan } from '@anneal/core';
import type { Io } from '../io.ts';
import { framework } from './framework.ts';
import { readJson } from './readText.ts';

/**
 * The plan behind a `<spec>`: a path, `-` for standard input, or inline JSON that begins with `{`. With `from` the JSON
 * is that framework's own description, else a schedule or a plan.
 */
export async function readPlan(spec: string, from: string | undefined, horizon: Horizon, io: Io): Promise<Plan> {
  const json = await readJson(spec, '{', io);
  return from === undefined ? parsePlan(json, horizon) : (await framework(from)).read(json, horizon);
}
