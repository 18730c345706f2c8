import { readdirSync } from 'node:fs';
import process from 'node:process';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { chromiumPath } from './scripts/chromium.ts';

const source = '@anneal/source';
const chromium = chromiumPath();
const required = process.env['CI'] === 'true' || process.env['REQUIRE_BROWSER'] === '1';
if (chromium === undefined && required) {
  throw new Error(
    'Browser tests are required but no Chromium was found: install it (apt-get install -y chromium) or set CHROMIUM_PATH.',
  );
}

const rooms = [
  ...readdirSync('packages').map((name) => [name, `packages/${name}`] as const),
  ['docs', 'apps/docs'] as const,
];
// What takes half a minute, of computation or on a software adapter, belongs to `npm run check`.
const heavy = process.env['HEAVY'] === '1' ? [] : ['**/*.heavy.*test.ts'];
const node: TestProjectConfiguration[] = rooms.map(([name, root]) => ({
  extends: true,
  root,
  ssr: { resolve: { conditions: [source, 'node', 'module', 'import', 'default'] } },
  test: {
    name,
    environment: 'node',
    // Real training and real processes, on machines that may be busy: nothing here is a timed test.
    testTimeout: 60_000,
    include: ['{src,test,examples,playground}/**/*.test.ts'],
    exclude: ['**/*.browser.test.ts', ...heavy],
  },
}));

const browser: TestProjectConfiguration = {
  extends: true,
  resolve: { conditions: [source, 'browser', 'module', 'import', 'default'] },
  server: { headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' } },
  test: {
    name: 'browser',
    include: ['packages/*/{src,test}/**/*.browser.test.ts'],
    exclude: heavy,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      instances: [{ browser: 'chromium' }],
      provider: playwright({
        launchOptions: {
          executablePath: chromium ?? '',
          args: [
            ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
            '--enable-unsafe-webgpu',
            '--disable-quic',
            '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
          ],
        },
      }),
    },
  },
};

/** Stands in for the browser project where there is no Chromium: one skipped test that says so. */
const noBrowser: TestProjectConfiguration = {
  extends: true,
  test: { name: 'browser', include: ['scripts/no-browser.test.ts'] },
};

export default defineConfig({
  resolve: { conditions: [source, 'module', 'import', 'default'] },
  test: { projects: [...node, chromium === undefined ? noBrowser : browser] },
});
