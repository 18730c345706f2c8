import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { chromiumProject } from '../../../../scripts/chromiumProject.ts';
import { seeded } from '../../../../scripts/testSeed.ts';

/** The tests of this package, as they stand, in Chromium on every backend: part of `pnpm check`. */
export default defineConfig({
  root: fileURLToPath(new URL('../../../..', import.meta.url)),
  test: {
    ...seeded,
    projects: [
      chromiumProject(
        {
          name: 'tfjs in Chromium',
          include: ['packages/tfjs/{src,test}/**/*.test.ts'],
          // What stands in several browsers' worth of backends by itself, and what is about files and processes.
          exclude: ['**/*.browser.test.ts', '**/*.node.test.ts', '**/*.heavy.test.ts'],
          setupFiles: ['packages/tfjs/test/chromium/setup.ts'],
          // Real training on software adapters, on machines that may be busy.
          testTimeout: 120_000,
        },
        (['cpu', 'wasm', 'webgl', 'webgpu'] as const).map((backend) => ({ name: backend, provide: { backend } })),
      ),
    ],
  },
});
