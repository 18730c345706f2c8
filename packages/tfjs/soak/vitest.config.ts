import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { seeded } from '../../../scripts/testSeed.ts';
import { workarounds } from './traps.ts';

const source = '@anneal/source';
const trap = workarounds[process.env['ANNEAL_TRAP'] ?? ''];

/** Takes a workaround out of the source as it is loaded. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  plugins: [
    {
      name: 'without-workaround',
      enforce: 'pre',
      transform: (code, id) =>
        trap !== undefined && id === fileURLToPath(new URL(`../${trap.file}`, import.meta.url))
          ? code.replace(trap.find, () => trap.replace)
          : null,
    },
  ],
  ssr: { resolve: { conditions: [source, 'node', 'module', 'import', 'default'] } },
  test: {
    setupFiles: seeded.setupFiles,
    provide: { ...seeded.provide, soakSteps: Number(process.env['ANNEAL_SOAK_STEPS'] ?? 100) },
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/*.browser.test.ts'],
  },
});
