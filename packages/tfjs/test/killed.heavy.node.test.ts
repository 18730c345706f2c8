import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { trainingToBytes } from '../src/training/index.ts';
import { useBackend } from './backend.ts';
import { cases } from './optimizers.ts';
import { begin, go, tracksOf, updates } from './trained.ts';

const program = fileURLToPath(new URL('trainOn.ts', import.meta.url));

/** Runs the program, kills it after so many updates, and tells by which signal it ended. */
function train(backend: string, folder: string, killedAfter = Infinity): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const args = ['--conditions=@anneal/source', '--import', 'tsx', program, backend, folder];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let made = 0;
    child.stdout.on('data', (dots: Uint8Array) => {
      made += dots.length;
      if (made >= killedAfter) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('exit', (code, signal) =>
      code === 0 || signal ? resolve(signal) : reject(new Error(`exit code ${code}`)),
    );
  });
}

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  test('a training of every class, killed twice and resumed by another process, ends in the same bits', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'anneal-killed-'));
    const whole = updates * cases.length;
    expect(await train(backend, folder, Math.floor(0.3 * whole))).toBe('SIGKILL');
    expect(await train(backend, folder, Math.floor(0.4 * whole))).toBe('SIGKILL');
    expect(await train(backend, folder)).toBeNull();
    await useBackend(backend);
    for (const { name, make } of cases) {
      const never = begin(make, tracksOf[name] ?? {});
      await go(never, 0, updates);
      const [saved, expected] = [readFileSync(join(folder, `${name}.safetensors`)), await trainingToBytes(never)];
      // Names of variables count the models of a process, and differ in the header alone.
      const data = (bytes: Uint8Array): Uint8Array =>
        bytes.subarray(8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)));
      expect(Buffer.compare(data(saved), data(expected)), name).toBe(0);
      never.dispose();
    }
    rmSync(folder, { recursive: true, force: true });
  });
});
