import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { chromium, type Browser, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath } from '../chromium.ts';

const executablePath = chromiumPath();
const docs = 'apps/docs';
const vite = 'node_modules/vite/bin/vite.js';
const outDir = mkdtempSync(path.join(tmpdir(), 'anneal-page-'));

beforeAll(() => {
  execFileSync(process.execPath, [vite, 'build', 'examples/page', '--outDir', outDir, '--emptyOutDir'], { cwd: docs });
});
afterAll(() => rmSync(outDir, { recursive: true, force: true }));

/** The guide's page as a reader meets it: built and served plain, built and served with its own headers, and while it is written. */
const ways = [
  {
    way: 'built, on a plain static server',
    port: 4191,
    isolated: false,
    command: ['--import', 'tsx', 'scripts/serve.ts', '--root', outDir, '--port', '4191'],
  },
  {
    way: 'built, with the headers of its vite.config.ts',
    port: 4192,
    isolated: true,
    command: [vite, 'preview', 'examples/page', '--outDir', outDir, '--port', '4192', '--strictPort'],
  },
  {
    way: 'on the development server',
    port: 4193,
    isolated: true,
    command: [vite, 'examples/page', '--port', '4193', '--strictPort'],
  },
];

describe.skipIf(executablePath === undefined).each(ways)("the guide's page $way", ({ port, isolated, command }) => {
  let server: ChildProcess;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  /** The scripts that workers were started with. */
  const workers: string[] = [];

  beforeAll(async () => {
    server = spawn(process.execPath, command, { cwd: docs, stdio: ['ignore', 'pipe', 'inherit'] });
    await once(server.stdout!, 'data');
    browser = await chromium.launch({
      ...(executablePath !== undefined && { executablePath }),
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
    page = await browser.newPage();
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
    page.on('worker', (worker) => workers.push(worker.url()));
  });

  afterAll(async () => {
    await browser?.close();
    server?.kill();
  });

  const status = async (contains: string): Promise<string> => {
    const found = page.locator('#status', { hasText: contains });
    await found.waitFor({ timeout: 120_000 });
    return found.innerText();
  };

  test('trains in a worker, on threads where it may', async () => {
    await page.goto(`http://localhost:${port}/`);
    expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(isolated);
    const text = await status('done');
    const [, updates, loss] = /^done after (\d+) updates, loss ([\d.]+)$/.exec(text)!;
    expect(Number(updates)).toBe(600);
    expect(Number(loss)).toBeLessThan(0.4);
    const threads = workers.filter((url) => /ort-wasm-simd-threaded.*\.mjs/.test(url)).length;
    const expected = isolated ? Math.min(4, await page.evaluate(() => navigator.hardwareConcurrency)) - 1 : 0;
    expect(threads).toBe(expected);
    const model = page.locator('#model');
    await model.filter({ hasText: 'the trained model' }).waitFor();
    expect(await model.getAttribute('href')).toMatch(/^blob:/);
  });

  test('stops when it is told to', async () => {
    await page.reload();
    // At the first step that it shows: a little later it may be done.
    await page.evaluate(() => {
      const line = document.querySelector('#status')!;
      const stop = document.querySelector<HTMLButtonElement>('#stop')!;
      const observer = new MutationObserver(() => line.textContent.startsWith('step') && stop.click());
      observer.observe(line, { childList: true });
    });
    const [, updates] = /^aborted after (\d+) updates/.exec(await status('after'))!;
    expect(Number(updates)).toBeLessThan(600);
  });

  test('printed no error and no warning', () => {
    expect(complaints).toEqual([]);
  });
});
