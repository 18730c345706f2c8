import { known } from '../../labError.ts';
import { digits } from './digits/digits.ts';
import type { Task } from './task.ts';

/** Every task, by name. */
export const tasks: Readonly<Record<string, Task>> = { digits };

/** The task of this name; throws a LabError that lists those that exist. */
export const taskNamed = (name: string): Task => known('task', name, tasks);
