import { known } from '../labError.ts';
import type { Task } from './task.ts';
import { taskLoaders } from './tasks.gen.ts';

/** The names of the lab's tasks. */
export const taskNames: readonly string[] = Object.keys(taskLoaders);

/** The task of this name, loaded now; throws a LabError that lists those that exist. */
export const taskNamed = async (name: string): Promise<Task> => known('task', name, taskLoaders)();
