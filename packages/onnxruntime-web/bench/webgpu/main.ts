/**
 * Updates per second on WebGPU, in Chromium without a window: this package on WebGPU against itself on WebAssembly and against tfjs-webgpu.
 * `pnpm bench:webgpu`; names of models (mlp, "wide mlp", cnn, gpt) for those alone; `--quick` for a short run; `--record` writes records/bench-webgpu.json; `--software` where there is no graphics processor, to see that it
 * runs: its figures mean nothing. Chromium is found as in the tests (CHROMIUM_PATH).
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright';
import { chromiumPath } from '../../../../scripts/chromium.ts';
import { Recording } from '../../../../scripts/records/recording.ts';
import type { Bench } from './page.ts';

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const recording = new Recording({ script: 'bench:webgpu' });
const quick = process.argv.includes('--quick');
const software = process.argv.includes('--software');
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
  bundle: true,
  format: 'esm',
  target: 'es2022',
  conditions: ['@anneal/source', 'onnxruntime-web-use-extern-wasm', 'browser'],
  write: false,
  logLevel: 'error',
});
const ortFolder = path.dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));
const types: Readonly<Record<string, string>> = { '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
const server = createServer((request, response) => {
  const url = request.url ?? '/';
  if (url === '/') response.setHeader('content-type', 'text/html').end('<script type="module" src="page.js"></script>');
  else if (url === '/page.js') response.setHeader('content-type', 'text/javascript').end(outputFiles[0]!.text);
  else if (url.startsWith('/ort/')) {
    const file = path.join(ortFolder, path.basename(url));
    response.setHeader('content-type', types[path.extname(file)] ?? 'application/octet-stream');
    readFile(file).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  } else response.writeHead(404).end();
}).listen(0);

const executablePath = chromiumPath();
const browser = await chromium.launch({
  ...(executablePath !== undefined && { executablePath }),
  ignoreDefaultArgs: ['--disable-gpu'],
  args: [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--enable-unsafe-webgpu',
    ...(software
      ? ['--use-webgpu-adapter=swiftshader']
      : ['--enable-features=Vulkan', '--use-angle=vulkan', '--ignore-gpu-blocklist']),
  ],
});
const page = await browser.newPage();
page.on('pageerror', (error) => print(`page error: ${error.message}`));
await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
await page.waitForFunction(() => 'bench' in globalThis);
const adapter = await page.evaluate(() => (globalThis as unknown as { bench: Bench }).bench.adapter());
if (adapter === undefined) {
  print('this machine has no WebGPU in Chromium; --software takes a software adapter');
  process.exitCode = 2;
} else {
  const { vendor, architecture, description } = adapter;
  print(`Chromium ${browser.version()}; adapter: ${[vendor, architecture, description].filter(Boolean).join(', ')}`);
  if (/swiftshader|llvmpipe|lavapipe/i.test(`${architecture} ${description}`))
    print('this is a software adapter: the figures below mean nothing');
  for (const name of named.length > 0 ? named : ['mlp', 'wide mlp', 'cnn', 'gpt']) {
    print(`\n${name}, Adam`);
    const record = recording.table(`${name}, Adam`, 'trainer', 'updates a second', 'tenth', 'ninetieth percentile');
    // oxlint-disable-next-line no-await-in-loop -- one model at a time
    const rows = await page.evaluate(
      ([model, rounds, seconds]) => (globalThis as unknown as { bench: Bench }).bench.measure(model, rounds, seconds),
      [name, quick ? 3 : 9, quick ? 0.3 : 1] as const,
    );
    for (const { name: peer, perSecond, difference, failure } of rows) {
      const sorted = [...perSecond].sort((a, b) => a - b);
      const quantile = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
      const at = (share: number): string => quantile(share).toFixed(1).padStart(9);
      if (failure === undefined) record(peer, quantile(0.5), quantile(0.1), quantile(0.9));
      print(
        failure === undefined
          ? `  ${peer.padEnd(22)}${at(0.5)} updates/s (${at(0.1).trim()} … ${at(0.9).trim()})   losses within ${difference.toExponential(1)}`
          : `  ${peer.padEnd(22)} does not train: ${failure}`,
      );
    }
  }
}
if (adapter !== undefined && process.exitCode !== 2) {
  const { vendor, architecture, description } = adapter;
  recording.end({
    packages: ['onnxruntime-web', '@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-webgpu'],
    from: import.meta.url,
    versions: { chromium: browser.version() },
    graphics: [vendor, architecture, description].filter(Boolean).join(', '),
  });
}
await browser.close();
server.close();
