import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { seeded } from '../testSeed.ts';

/** The heavier checks, `pnpm check`: what is packed and published, and the built site in a real browser. */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    ...seeded,
    name: 'check',
    include: ['scripts/check/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
