import { lint as examine } from '@anneal/core';
import { command, type Command } from '../command.ts';
import { count, requiredNumber } from '../input/numberFlag.ts';
import { readHorizon } from '../input/readHorizon.ts';
import { readPlan } from '../input/readPlan.ts';
import { specArguments } from './specArguments.ts';

/** Looks for what is wrong or likely not meant in a schedule; exit code 1 if there are errors or warnings. */
export const lint: Command = command({
  meta: { name: 'lint', description: 'Look for mistakes in a schedule; exit code 1 if there are any' },
  args: {
    ...specArguments,
    steps: {
      type: 'string',
      description: 'Updates in the run (required); also what "10%" is a share of',
      valueHint: 'number',
    },
    json: { type: 'boolean', description: 'Print the findings as JSON' },
  },
  run: async (args, io) => {
    const steps = requiredNumber('steps', args.steps, count);
    const horizon = { totalSteps: steps, ...readHorizon(args) };
    const plan = await readPlan(args.spec, args.from, horizon, io);
    const findings = examine(plan, {
      steps,
      ...(horizon.stepsPerEpoch !== undefined && { stepsPerEpoch: horizon.stepsPerEpoch }),
    });
    if (args.json === true) io.out(`${JSON.stringify(findings)}\n`);
    else
      for (const { severity, message, path } of findings)
        io.out(`${severity}: ${path === '' ? '' : `${path}: `}${message}\n`);
    const bad = findings.some(({ severity }) => severity !== 'note');
    if (args.json !== true && !bad) io.out(`no errors or warnings over ${steps} steps\n`);
    return bad ? 1 : 0;
  },
});
