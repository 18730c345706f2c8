import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packed, run, type Tarballs } from './tarballs.ts';

const program = 'packages/tfjs/test/consumer.ts';
const rooms = ['', 'ops/', 'layers/', 'training/'];
let tarballs: Tarballs;

beforeAll(() => {
  tarballs = packed(['core', 'safetensors', 'tfjs']);
});
afterAll(() => rmSync(tarballs.folder, { recursive: true, force: true }));

test('the program uses every export of @anneal/tfjs', () => {
  const text = readFileSync(program, 'utf8');
  const body = text.slice(text.lastIndexOf("from '@tensorflow/tfjs-layers'"));
  for (const room of rooms) {
    const index = readFileSync(`packages/tfjs/src/${room}index.ts`, 'utf8');
    const names = [...index.matchAll(/\{([^}]*)\}/g)].flatMap(([, list]) => list!.split(','));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names.map((one) => one.replace('type', '').trim()))
      expect(body, `${room}${name}`).toMatch(new RegExp(`\\b${name}\\b`));
  }
});

describe.each(['3.21.0', '4.22.0'])('@anneal/tfjs as it is published, with TensorFlow.js %s', (version) => {
  const project = mkdtempSync(join(tmpdir(), 'anneal-tfjs-'));
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  beforeAll(() => {
    const frameworks = ['core', 'layers', 'backend-cpu'].map((name) => `@tensorflow/tfjs-${name}@${version}`);
    writeFileSync(join(project, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }');
    copyFileSync(program, join(project, 'consumer.ts'));
    run(
      'npm',
      [
        'install',
        '--no-audit',
        '--no-fund',
        '--ignore-scripts',
        ...['core', 'safetensors', 'tfjs'].map(tarballs.of),
        ...frameworks,
      ],
      project,
    );
  });

  test.each([
    ['nodenext', 'nodenext'],
    ['bundler', 'esnext'],
  ])('compiles strictly under the module resolution %s', (moduleResolution, module) => {
    const compilerOptions = {
      strict: true,
      // Also what is stricter than strict and could fail on our declarations alone.
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      target: 'es2022',
      lib: ['es2023', 'dom'],
      types: [],
      // The declarations of tfjs are not ours to check.
      skipLibCheck: true,
      module,
      moduleResolution,
      outDir: moduleResolution,
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
    const output = run('pnpm', ['exec', 'tsc', '--project', project]);
    expect(output.trim()).toBe('');
  });

  test('runs, and every optimizer class takes the rate of the plan', () => {
    expect(run('node', ['nodenext/consumer.js'], project).trim()).toBe(`passed with ${version}`);
  });
});
