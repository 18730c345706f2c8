import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { chromiumProject } from './scripts/chromiumProject.ts';
import { seeded } from './scripts/testSeed.ts';

const source = '@anneal/source';

const rooms = [
  ...readdirSync('packages').map((name) => [name, `packages/${name}`] as const),
  ['docs', 'apps/docs'] as const,
  ['house', 'scripts'] as const,
];
// What takes half a minute, of computation or on a software adapter, belongs to `npm run check`.
const heavy = process.env['HEAVY'] === '1' ? [] : ['**/*.heavy.*test.ts'];
// Nothing in these packages keeps state of its own, so their files share processes: their starts and imports took most of the time.
const pure = ['core', 'compat', 'onnx', 'safetensors'];
const node: TestProjectConfiguration[] = rooms.map(([name, root]) => ({
  extends: true,
  root,
  ssr: { resolve: { conditions: [source, 'node', 'module', 'import', 'default'] } },
  test: {
    name,
    environment: 'node',
    isolate: !pure.includes(name),
    // Real training and real processes, on machines that may be busy: nothing here is a timed test.
    testTimeout: 60_000,
    include: ['{src,test,examples,playground}/**/*.test.ts'],
    exclude: ['**/*.browser.test.ts', ...heavy],
  },
}));

const browser = chromiumProject({
  // A name keeps its own cache of what Vite has prepared for the page. With another's, Vite meets what only heavy tests import while they run,
  // and loads the page anew under them.
  name: heavy.length === 0 ? 'browser, heavy' : 'browser',
  include: ['packages/*/{src,test}/**/*.browser.test.ts'],
  exclude: heavy,
});

export default defineConfig({
  resolve: { conditions: [source, 'module', 'import', 'default'] },
  // All cores: by default vitest leaves one idle, which is half of a machine with two.
  test: { ...seeded, maxWorkers: availableParallelism(), projects: [...node, browser] },
});
