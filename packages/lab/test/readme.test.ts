import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { backends, optimizerNames, reportedMetrics, taskNamed, taskNames } from '../src/index.ts';

// Real training, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

test("the README's example is firstExample.ts, and both backends come to the same", async () => {
  expect(/```ts\n([\s\S]*?)```/.exec(read('../README.md'))?.[1]).toBe(
    read('./firstExample.ts').replace(/^.*\n|\nexport \{.*\n$/g, ''),
  );
  const { accuracies, rates } = await import('./firstExample.ts');
  expect(rates).toHaveLength(2 * 66);
  expect(accuracies.get('tfjs-wasm')).toBeGreaterThan(0.8);
  expect(accuracies.get('tfjs-wasm')).toBe(accuracies.get('onnxruntime-web-wasm'));
});

test('the README names every backend, optimizer, task and metric', async () => {
  const text = read('../README.md');
  const metrics = reportedMetrics(await taskNamed('digits'));
  for (const name of [...Object.keys(backends), ...optimizerNames, ...taskNames, ...metrics])
    expect(text).toContain(`\`${name}\``);
});
