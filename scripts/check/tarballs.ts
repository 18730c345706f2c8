import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs a program and returns what it prints; on failure the error carries both streams. */
export function run(program: string, args: readonly string[], cwd = '.'): string {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

export function manifest(name: string): {
  version: string;
  exports: Record<string, unknown>;
  dependencies?: Record<string, string>;
} {
  return JSON.parse(readFileSync(`packages/${name}/package.json`, 'utf8'));
}

/** A folder of the packages as they would be published. */
export interface Tarballs {
  readonly folder: string;
  /** The file of the package @anneal/`name`. */
  readonly of: (name: string) => string;
}

/** Packs the built packages of these names into a new folder, which the caller removes. */
export function packed(names: readonly string[]): Tarballs {
  const folder = mkdtempSync(join(tmpdir(), 'anneal-pack-'));
  const filters = names.flatMap((name) => ['--filter', `./packages/${name}`]);
  run('pnpm', ['--recursive', ...filters, 'pack', '--pack-destination', folder]);
  return { folder, of: (name) => join(folder, `anneal-${name}-${manifest(name).version}.tgz`) };
}
