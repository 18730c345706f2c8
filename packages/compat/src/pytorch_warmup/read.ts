import { dampen, type DescribedSchedule, type Plan, type Schedule } from '@anneal/core';
import { integer, properFraction } from '@anneal/core/kinds';
import { readArguments, readObject, refusal, refuse } from '../readArguments.ts';
import { read as readTorch } from '../torch/index.ts';

/** Adam's β₂ where the description gives none. */
const usualBeta2 = 0.999;

const periodTable = { warmup_period: integer };

/** The factor of each class over a schedule. */
const dampenings: Readonly<Record<string, (args: unknown, schedule: Schedule, beta2: number) => DescribedSchedule>> = {
  LinearWarmup: (args, schedule) => {
    const { warmup_period } = readArguments('LinearWarmup', args, periodTable, '/args');
    return dampen({ schedule, shape: 'linear', dampenSteps: warmup_period });
  },
  ExponentialWarmup: (args, schedule) => {
    const { warmup_period } = readArguments('ExponentialWarmup', args, periodTable, '/args');
    return dampen({ schedule, dampenSteps: warmup_period });
  },
  // Both round the period down, and 2 / (1 - 0.999) is 1999.99…
  UntunedLinearWarmup: (args, schedule, beta2) => {
    readArguments('UntunedLinearWarmup', args, {}, '/args');
    return dampen({ schedule, shape: 'linear', dampenSteps: Math.trunc(2 / (1 - beta2)) });
  },
  UntunedExponentialWarmup: (args, schedule, beta2) => {
    readArguments('UntunedExponentialWarmup', args, {}, '/args');
    return dampen({ schedule, dampenSteps: Math.trunc(1 / (1 - beta2)) });
  },
  RAdamWarmup: (args, schedule, beta2) => {
    readArguments('RAdamWarmup', args, {}, '/args');
    return dampen({ schedule, shape: 'rectified', beta2 });
  },
};

/**
 * Reads a warm-up of the package pytorch_warmup over a constant rate or a scheduler of PyTorch,
 * `{ "name": "LinearWarmup", "args": { "warmup_period": 100 }, "lr": 0.1, "schedule": { "name": "StepLR", "args": { … } } }`.
 *
 * `beta2` is Adam's, from which the untuned classes take their length; 0.999 where it is not given.
 *
 * @throws ScheduleError with the JSON pointer of an unknown class or argument, or of a value that is refused
 * @example
 * read({ name: 'UntunedLinearWarmup', args: {}, lr: 0.001 })
 */
export function read(description: unknown): Plan {
  const { name, args = {}, lr, schedule, beta2 = usualBeta2, ...rest } = readObject('pytorch_warmup', description, '');
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) {
    const known = 'name, args, lr, schedule, beta2';
    throw refusal(
      'unknownKey',
      `pytorch_warmup: unknown key ${JSON.stringify(unknown)}; known: ${known}`,
      `/${unknown}`,
    );
  }
  const dampening = typeof name === 'string' && Object.hasOwn(dampenings, name) ? dampenings[name] : undefined;
  if (dampening === undefined) {
    const known = Object.keys(dampenings).join(', ');
    throw refusal('unknownType', `pytorch_warmup: unknown class ${JSON.stringify(name)}; known: ${known}`, '/name');
  }
  const rate = readRate(String(name), lr);
  const share = properFraction.read(beta2);
  if (share === undefined) throw refuse('invalid', String(name), 'beta2', properFraction.rule, beta2, '');
  const { learningRate, ...more } = schedule === undefined ? { learningRate: rate } : readInner(schedule, rate);
  const inner = typeof learningRate === 'number' ? () => learningRate : learningRate;
  return { ...more, learningRate: dampening(args, inner as Schedule, share) };
}

function readRate(name: string, lr: unknown): number {
  if (typeof lr === 'number' && lr >= 0 && lr < Infinity) return lr;
  throw refuse(lr === undefined ? 'required' : 'invalid', name, 'lr', "a number >= 0, the optimizer's rate", lr, '');
}

function readInner(schedule: unknown, lr: number): Plan {
  const plan = readTorch({ ...readObject('pytorch_warmup', schedule, '/schedule'), lr });
  if (plan.groups !== undefined)
    throw refusal('invalid', 'pytorch_warmup: schedule must be of one parameter group, without lists', '/schedule');
  if (typeof plan.learningRate !== 'object') return plan;
  throw refusal('invalid', 'pytorch_warmup: schedule must not be a controller', '/schedule');
}
