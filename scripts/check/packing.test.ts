import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manifest, packed, run, type Tarballs } from './tarballs.ts';

let tarballs: Tarballs;
const packages = readdirSync('packages');

beforeAll(() => {
  tarballs = packed(packages);
});
afterAll(() => rmSync(tarballs.folder, { recursive: true, force: true }));

const tarball = (name: string): string => tarballs.of(name);

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
