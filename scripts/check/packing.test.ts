import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** Runs a program and returns what it prints; on failure the error carries both streams. */
function run(program: string, args: readonly string[], cwd = '.'): string {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

const folder = mkdtempSync(join(tmpdir(), 'anneal-pack-'));
const packages = readdirSync('packages');

beforeAll(() => {
  run('pnpm', ['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', folder]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tarball = (name: string): string => join(folder, `anneal-${name}-${manifest(name).version}.tgz`);
const manifest = (name: string): { version: string; exports: Record<string, unknown> } =>
  JSON.parse(readFileSync(`packages/${name}/package.json`, 'utf8'));

describe.each(packages)('@anneal/%s as it is published', (name) => {
  test('passes publint', () => {
    run('pnpm', ['exec', 'publint', tarball(name), '--strict']);
  });

  test('has types that every ESM resolution finds', () => {
    run('pnpm', ['exec', 'attw', tarball(name), '--profile', 'esm-only', '--no-color']);
  });

  test('carries no tests and no build state', () => {
    const files = run('tar', ['-tzf', tarball(name)]).split('\n');
    expect(files.filter((file) => /\.test(-d)?\.|tsbuildinfo|\.tsbuild|fixtures\//.test(file))).toEqual([]);
    expect(files).toContain('package/README.md');
    expect(files).toContain('package/LICENSE');
  });
});

test('installs into an empty project with npm, and its entries load', () => {
  const project = mkdtempSync(join(tmpdir(), 'anneal-smoke-'));
  try {
    writeFileSync(join(project, 'package.json'), '{ "name": "smoke", "private": true, "type": "module" }');
    run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages.map(tarball)], project);
    const entries = packages.filter((name) => '.' in manifest(name).exports).map((name) => `@anneal/${name}`);
    const script = `for (const entry of ${JSON.stringify(entries)}) if (Object.keys(await import(entry)).length === 0) throw new Error(entry + ' exports nothing');
      const { cosineDecay } = await import('@anneal/core');
      console.log(cosineDecay({ initValue: 0.1, decaySteps: 100 })(50));`;
    expect(run('node', ['--input-type=module', '--eval', script], project).trim()).toBe('0.05');
    expect(
      run(
        'npx',
        [
          '--no-install',
          'anneal',
          'sample',
          '{"type":"linear","initValue":1,"decaySteps":4}',
          '--steps',
          '3',
          '--json',
        ],
        project,
      ).trim(),
    ).toBe('{"start":0,"steps":3,"values":{"learningRate":[1,0.75,0.5]}}');
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
});
