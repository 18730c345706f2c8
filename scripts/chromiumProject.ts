import process from 'node:process';
import { playwright } from '@vitest/browser-playwright';
import type { TestProjectConfiguration } from 'vitest/config';
import type { BrowserInstanceOption, InlineConfig } from 'vitest/node';
import { chromiumPath } from './chromium.ts';

const executablePath = chromiumPath();
const required = process.env['CI'] === 'true' || process.env['REQUIRE_BROWSER'] === '1';
if (executablePath === undefined && required) {
  throw new Error(
    'Browser tests are required but no Chromium was found: install it (apt-get install -y chromium) or set CHROMIUM_PATH.',
  );
}

/**
 * Tests that run in Chromium, WebGPU included, once for each instance. Where there is no Chromium one skipped test, which
 * says so, stands in for them.
 */
export function chromiumProject(
  test: Omit<InlineConfig, 'browser' | 'projects'> & { readonly name: string },
  instances: readonly Omit<BrowserInstanceOption, 'browser'>[] = [{}],
): TestProjectConfiguration {
  if (executablePath === undefined)
    return { extends: true, test: { name: test.name, include: ['scripts/no-browser.test.ts'] } };
  return {
    extends: true,
    resolve: { conditions: ['@anneal/source', 'browser', 'module', 'import', 'default'] },
    server: {
      headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
    },
    test: {
      ...test,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        instances: instances.map((instance) => ({ ...instance, browser: 'chromium' as const })),
        provider: playwright({
          launchOptions: {
            executablePath,
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
}
