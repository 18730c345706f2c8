import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Settings } from './peer.ts';
import type { Task } from './task.ts';

/** PyTorch on one thread in a process of its own, or nothing where there is no Python with it. */
export interface PyTorch {
  /** Milliseconds per update over `steps` updates. */
  train(steps: number): Promise<number>;
  close(): void;
}

/** Its model has the shapes of the task and weights of its own: it is timed, and its mathematics is checked by the recorded fixtures. */
export async function pytorch(
  { kind, dims, classes, model }: Task,
  optimizer: Settings['optimizer'],
  cpuTime: boolean,
): Promise<PyTorch | undefined> {
  const widths = [...model.graph.initializers]
    .filter(([name]) => /^fc\d+\.weight$/.test(name))
    .map(([, { dims: shape }]) => shape[1]);
  const settings = { kind, dims, classes, widths, optimizer, cpuTime };
  const file = fileURLToPath(new URL('pytorch.py', import.meta.url));
  const child = spawn(process.env['PYTHON'] ?? 'python3', [file, JSON.stringify(settings)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => {}); // it has ended: there is no PyTorch
  const lines = createInterface({ input: child.stdout });
  const line = async (): Promise<string | undefined> => {
    const ended = Promise.race([once(child, 'error'), once(lines, 'close')]).then(() => undefined);
    return Promise.race([once(lines, 'line').then(([text]) => text as string), ended]);
  };
  if ((await line()) !== 'ready') return undefined;
  return {
    async train(steps) {
      child.stdin.write(`${steps}\n`);
      return Number(await line());
    },
    close: () => child.kill(),
  };
}
