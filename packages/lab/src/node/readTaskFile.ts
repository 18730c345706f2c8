import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LabError } from '../labError.ts';
import type { Task } from '../tasks/task.ts';
import type { OwnTaskRead } from './readOwnTask.ts';

/** Whether a word names a file, not a task of the lab. */
export const isTaskFile = (word: string): boolean => /\.[cm]?[jt]s$/.test(word);

/** Reads a task from a file of one's own, TypeScript or JavaScript, that exports it under the name `task`. */
export async function readTaskFile(path: string): Promise<OwnTaskRead> {
  const whole = resolve(path);
  const bytes = await readFile(whole).catch((cause: unknown) => {
    throw new LabError(
      'data',
      `${path}: it cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  });
  const { createJiti } = await import('jiti');
  const loaded = await createJiti(import.meta.url, { moduleCache: false, fsCache: false })
    .import(whole)
    .catch((cause: unknown) => {
      throw new LabError(
        'data',
        `${path}: it cannot be run: ${cause instanceof Error ? cause.message : String(cause)}`,
        { cause },
      );
    });
  const { task } = loaded as { readonly task?: unknown };
  const lacking = required.filter((name) => typeof task !== 'object' || task === null || !(name in task));
  if (lacking.length > 0) {
    const rule = 'it must export a task, `export const task: Task = { … }`';
    throw new LabError(
      'data',
      `${path}: ${rule}; ${typeof task === 'object' && task !== null ? `its task lacks ${lacking.join(', ')}` : 'it exports no task'}`,
    );
  }
  return { task: task as Task, hash: createHash('sha256').update(bytes).digest('hex') };
}

const required = ['name', 'description', 'note', 'model', 'loss', 'metrics', 'defaults', 'open'];
