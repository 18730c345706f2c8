import type { DescribedSchedule, Plan } from '@anneal/core';
import { pick, readNamed } from '../readNamed.ts';
import { readPlateau } from './plateau.ts';
import { translations } from './schedulers.ts';

/**
 * Reads a scheduler of `paddle.optimizer.lr`,
 * `{ "name": "CosineAnnealingDecay", "args": { "learning_rate": 0.1, "T_max": 100 } }`.
 *
 * Known are all classes but LambdaDecay and MultiplicativeDecay, which take a function. `LinearWarmup` takes a
 * description in `args.learning_rate` where Paddle takes a scheduler. The metric of `ReduceOnPlateau`, which Paddle is
 * handed once an epoch without a name, is "loss", or "val_accuracy" where it shall rise.
 *
 * @throws ScheduleError with the JSON pointer of an unknown class or argument, or of a value that Paddle or we refuse
 * @example
 * read({ name: 'StepDecay', args: { learning_rate: 0.5, step_size: 30 } })
 */
export function read(description: unknown): Plan {
  const { name, args } = readNamed('paddle', description, '', ['name', 'args']);
  if (name === 'ReduceOnPlateau') return { learningRate: readPlateau(args, '/args') };
  return { learningRate: readScheduler(description, '') };
}

function readScheduler(description: unknown, path: string): DescribedSchedule {
  const { name, args } = readNamed('paddle', description, path, ['name', 'args']);
  return pick('paddle', translations, name, path)(args, `${path}/args`, readScheduler);
}
