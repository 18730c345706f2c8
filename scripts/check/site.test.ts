import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import process from 'node:process';
import { chromium, type Browser, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath } from '../chromium.ts';

const executablePath = chromiumPath();
const screenshots = 'runs/site';
const accurate = { 'tfjs-wasm': 0.95, 'onnxruntime-web-wasm': 0.95, 'tfjs-webgl': 0 };

describe.skipIf(executablePath === undefined).each([
  { headers: 'without isolation headers', port: 4181, isolate: false },
  { headers: 'with isolation headers', port: 4182, isolate: true },
])('the built site on a plain static server $headers', ({ port, isolate }) => {
  let server: ChildProcess;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const origin = `http://localhost:${port}`;

  beforeAll(async () => {
    server = spawn(
      process.execPath,
      ['--import', 'tsx', 'scripts/serve.ts', '--port', String(port), ...(isolate ? ['--isolate'] : [])],
      { cwd: 'apps/docs', stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(server.stdout!, 'data');
    browser = await chromium.launch({
      ...(executablePath !== undefined && { executablePath }),
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
    page.on('request', (request) => {
      const { protocol, origin: asked } = new URL(request.url());
      if (protocol.startsWith('http') && asked !== origin) complaints.push(`request elsewhere: ${request.url()}`);
    });
    mkdirSync(screenshots, { recursive: true });
  });

  afterAll(async () => {
    await browser?.close();
    server?.kill();
  });

  const chart = (): Promise<string> =>
    page
      .locator('.playground canvas')
      .first()
      .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const move = async (slider: string, value: string): Promise<void> => {
    await page.locator(`.playground input[name=${slider}]`).fill(value);
    await page.waitForTimeout(100);
  };

  test('opens, and the sliders move the curve', async () => {
    await page.goto(origin);
    await page.locator('.playground canvas').first().waitFor();
    expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(isolate);
    for (const [slider, value, back] of [
      ['peak', '0', '-0.5'],
      ['warmup', '30', '10'],
      ['decay', '50', '100'],
    ] as const) {
      const before = await chart();
      await move(slider, value);
      expect(await chart(), slider).not.toBe(before);
      await move(slider, back);
    }
  });

  test('trains on every backend at equal rates', async () => {
    await page.reload();
    await page.getByRole('button', { name: 'Train' }).click();
    const rows = page.locator('.playground tbody tr');
    const states = (): Promise<(string | null)[]> =>
      rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-state')));
    await expect.poll(states, { timeout: 240_000, interval: 500 }).not.toContain('running');
    expect(await states(), await rows.allInnerTexts().then(String)).toEqual(['done', 'done', 'done']);
    for (const [backend, least] of Object.entries(accurate)) {
      const text = await page.locator(`tr[data-backend=${backend}] [data-field=accuracy]`).innerText();
      expect(Number.parseFloat(text) / 100, backend).toBeGreaterThanOrEqual(least);
    }
    expect(await page.locator('[data-field=rate-difference]').innerText()).toBe('0');
    await page.screenshot({ path: `${screenshots}/desktop-${port}.png`, fullPage: true });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForTimeout(300);
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth),
      'no sideways scrolling on a phone',
    ).toBeLessThanOrEqual(390);
    await page.screenshot({ path: `${screenshots}/phone-${port}.png`, fullPage: true });
  });

  test('printed no error and asked nobody else', () => {
    expect(complaints).toEqual([]);
  });
});
