import { perEpoch, ScheduleError, type DescribedSchedule, type Horizon, type Plan } from '@anneal/core';
import { readArguments, readObject, refusal, refuse } from '../readArguments.ts';
import { description as schedule, verbosity } from './kinds.ts';
import { readPlateau } from './plateau.ts';
import { translations } from './schedules.ts';

/**
 * Reads a schedule of Keras as `keras.optimizers.schedules.serialize` prints it,
 * `{ "class_name": "CosineDecay", "config": { "initial_learning_rate": 0.1, "decay_steps": 1000 } }`, or one of the two
 * callbacks that set a learning rate, likewise, with the optimizer's rate as `lr`.
 *
 * `ReduceLROnPlateau` becomes a controller. `LearningRateScheduler` is read with the description of a schedule in
 * `config.schedule`, which stands for the function epoch → rate; it needs `horizon.stepsPerEpoch`. What only names or
 * prints (`name`, `verbose`, `module`, `registered_name`) is accepted and has no effect.
 *
 * @throws ScheduleError with the JSON pointer of an unknown class or argument, or of a value that Keras or we refuse
 * @example
 * read({ class_name: 'ExponentialDecay', config: { initial_learning_rate: 0.1, decay_steps: 100, decay_rate: 0.5 } })
 */
export function read(description: unknown, horizon: Horizon = {}): Plan {
  const { name, config, lr } = parse(description, '');
  if (name === 'ReduceLROnPlateau') return { learningRate: readPlateau(config, readRate(name, lr)) };
  if (name === 'LearningRateScheduler') return { learningRate: readScheduler(config, horizon) };
  if (lr === undefined) return { learningRate: readSchedule(description, '') };
  throw refusal('unknownKey', `${name}: lr stands with a callback only; a schedule has its own values`, '/lr');
}

function readRate(name: string, lr: unknown): number {
  if (typeof lr === 'number' && lr >= 0 && lr < Infinity) return lr;
  // Keras raises a TypeError where the optimizer has a schedule: it cannot be assigned to.
  throw refuse(lr === undefined ? 'required' : 'invalid', name, 'lr', "a number >= 0, the optimizer's rate", lr, '');
}

/** Keras calls the function at the beginning of each epoch; the rate that it finds there is not used here. */
function readScheduler(config: unknown, { stepsPerEpoch }: Horizon): DescribedSchedule {
  const table = { schedule, verbose: [verbosity, 0] } as const;
  const args = readArguments('LearningRateScheduler', config, table, '/config');
  const inEpochs = readSchedule(args.schedule, '/config/schedule');
  if (stepsPerEpoch !== undefined) return perEpoch({ schedule: inEpochs, stepsPerEpoch });
  const message = 'LearningRateScheduler: its schedule counts epochs, and stepsPerEpoch is not known here';
  throw new ScheduleError('horizon', '/config/schedule', message, { type: 'LearningRateScheduler' });
}

function readSchedule(description: unknown, path: string): DescribedSchedule {
  const { name, config } = parse(description, path);
  const translate = Object.hasOwn(translations, name) ? translations[name] : undefined;
  if (translate !== undefined) return translate(name, config, `${path}/config`);
  const known = [...Object.keys(translations), 'ReduceLROnPlateau', 'LearningRateScheduler'].join(', ');
  throw refusal('unknownType', `keras: unknown class ${JSON.stringify(name)}; known: ${known}`, `${path}/class_name`);
}

const keys = ['module', 'class_name', 'config', 'registered_name', 'lr'];

function parse(description: unknown, path: string): { name: string; config: unknown; lr: unknown } {
  const object = readObject('keras', description, path);
  const unknown = Object.keys(object).find((key) => !keys.includes(key));
  if (unknown !== undefined) {
    const message = `keras: unknown key ${JSON.stringify(unknown)}; known: ${keys.join(', ')}`;
    throw refusal('unknownKey', message, `${path}/${unknown}`);
  }
  const { class_name: name, config, lr } = object;
  if (typeof name !== 'string') throw refuse('required', 'keras', 'class_name', 'the name of a class', name, path);
  return { name, config: config ?? {}, lr };
}
