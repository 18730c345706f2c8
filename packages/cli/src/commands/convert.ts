import { planToJSON } from '@anneal/core';
import { command, type Command } from '../command.ts';
import { framework } from '../input/framework.ts';
import { readHorizon } from '../input/readHorizon.ts';
import { readPlan } from '../input/readPlan.ts';
import { UsageError } from '../usageError.ts';
import { specArguments } from './specArguments.ts';

/** Translates a schedule: from a framework's description or this project's JSON, to this JSON or a framework's Python. */
export const convert: Command = command({
  meta: { name: 'convert', description: "Translate a schedule between JSON and a framework's own words" },
  args: {
    ...specArguments,
    to: {
      type: 'string',
      description: 'json (default), or a framework, whose Python is written',
      valueHint: 'form',
      default: 'json',
    },
    json: { type: 'boolean', description: 'Print Python inside one JSON object: {"python": …}' },
  },
  run: async (args, io) => {
    const target = args.to === 'json' ? undefined : await framework(args.to);
    const plan = await readPlan(args.spec, args.from, readHorizon(args), io);
    if (target === undefined) {
      const spec = planToJSON(plan);
      const [only, ...others] = Object.values(spec);
      // A plan that drives the learning rate alone by a schedule is written as that schedule.
      const bare = others.length === 0 && typeof only === 'object' && 'type' in only ? only : spec;
      io.out(`${JSON.stringify(bare, undefined, args.json === true ? undefined : 2)}\n`);
      return 0;
    }
    if (target.write === undefined) throw new UsageError(`${args.to} is only read, no Python is written for it`);
    const python = target.write(plan);
    io.out(args.json === true ? `${JSON.stringify({ python })}\n` : python.endsWith('\n') ? python : `${python}\n`);
    return 0;
  },
});
